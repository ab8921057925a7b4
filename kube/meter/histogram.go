package meter

import (
	"math"
	"slices"
)

// The buckets: the first takes everything up to first, each further one ends growth
// times as high as the one before, and the last takes the rest. In thousandths of a
// core they reach from one thousandth to more than a thousand cores.
const (
	first   = 1.0
	growth  = 1.05
	buckets = 300
)

// Histogram counts amounts in buckets that grow exponentially. The zero value is
// empty and ready for use.
type Histogram struct {
	lowest int      // the bucket of counts[0]
	counts []uint32 // of the buckets from the lowest to the highest with anything in them
	total  uint64
}

// bucketOf returns the bucket that an amount belongs to.
func bucketOf(amount float64) int {
	if !(amount > first) { // also what is no number
		return 0
	}
	n := math.Ceil(math.Log(amount/first) / math.Log(growth))
	return int(min(n, buckets-1))
}

// endOf returns the highest amount of a bucket.
func endOf(bucket int) float64 { return first * math.Pow(growth, float64(bucket)) }

// Add counts an amount; what is below zero counts as zero.
func (h *Histogram) Add(amount float64) {
	bucket := bucketOf(amount)
	switch {
	case len(h.counts) == 0:
		h.lowest, h.counts = bucket, []uint32{0}
	case bucket < h.lowest:
		h.counts = slices.Insert(h.counts, 0, make([]uint32, h.lowest-bucket)...)
		h.lowest = bucket
	case bucket >= h.lowest+len(h.counts):
		h.counts = append(h.counts, make([]uint32, bucket-h.lowest-len(h.counts)+1)...)
	}
	if h.counts[bucket-h.lowest] == math.MaxUint32 {
		return // some thousand years of samples
	}
	h.counts[bucket-h.lowest]++
	h.total++
}

// Total returns how many amounts were counted.
func (h *Histogram) Total() uint64 { return h.total }

// Percentile returns an amount that a share of the counted ones, from 0 to 1, is not
// above: the end of the bucket in which the exact one is, so that it is at most a
// twentieth too high and never too low. Of an empty histogram it is 0, and of amounts
// beyond the last bucket the beginning of that.
func (h *Histogram) Percentile(share float64) float64 {
	if h.total == 0 {
		return 0
	}
	rank := uint64(math.Ceil(share * float64(h.total)))
	rank = min(max(rank, 1), h.total)
	var seen uint64
	for i, n := range h.counts {
		if seen += uint64(n); seen >= rank {
			return endOf(h.lowest + i)
		}
	}
	return endOf(h.lowest + len(h.counts) - 1)
}
