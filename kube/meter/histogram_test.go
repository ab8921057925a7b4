package meter_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seaworthy-dev/seaworthy/kube/meter"
)

// A percentile is that of the amounts themselves, or at most a twentieth more.
func TestPercentileIsWithinABucket(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 1))
		amounts := make([]float64, 1+random.IntN(2000))
		level := math.Pow(10, 6*random.Float64())
		var h meter.Histogram
		for i := range amounts {
			switch random.IntN(3) {
			case 0:
				amounts[i] = random.Float64() * level
			case 1:
				amounts[i] = math.Floor(random.ExpFloat64() * level / 10)
			}
			h.Add(amounts[i])
		}
		slices.Sort(amounts)
		for _, share := range []float64{0, 0.5, 0.9, 0.95, 0.99, 1} {
			exact := amounts[max(1, int(math.Ceil(share*float64(len(amounts)))))-1]
			got := h.Percentile(share)
			if got < exact*(1-1e-9) || got > max(1, exact*1.05*(1+1e-9)) {
				t.Errorf("seed %d, %d amounts: the %g percentile is %g, want %g and a twentieth more at the most", seed, len(amounts), share*100, got, exact)
			}
		}
		if h.Total() != uint64(len(amounts)) {
			t.Errorf("seed %d: %d amounts are counted, want %d", seed, h.Total(), len(amounts))
		}
	}
}

func TestPercentileOfTheOdd(t *testing.T) {
	t.Parallel()
	var empty meter.Histogram
	if got := empty.Percentile(0.95); got != 0 {
		t.Errorf("of nothing it is %g", got)
	}
	var h meter.Histogram
	for _, amount := range []float64{math.NaN(), -5, math.Inf(-1), 0} {
		h.Add(amount)
	}
	if got := h.Percentile(1); got != 1 {
		t.Errorf("of what is nothing it is %g, want the end of the first bucket", got)
	}
	h.Add(math.Inf(1))
	if got := h.Percentile(1); got < 1e6 || math.IsInf(got, 0) {
		t.Errorf("of what is beyond all buckets it is %g, want the beginning of the last", got)
	}
}

func FuzzHistogram(f *testing.F) {
	f.Add(1.0, 250.0, 1e9, 0.95)
	f.Fuzz(func(t *testing.T, a, b, c, share float64) {
		var h meter.Histogram
		for _, amount := range []float64{a, b, c} {
			h.Add(amount)
		}
		got := h.Percentile(share)
		if h.Total() != 3 || math.IsNaN(got) || got < 1 || got > h.Percentile(1) {
			t.Errorf("of %g, %g, %g the %g percentile is %g of %d", a, b, c, share, got, h.Total())
		}
	})
}
