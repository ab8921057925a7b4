package reach

import (
	"cmp"
	"context"
	"slices"
)

// rounding is more than sums of floating point numbers can be wrong by here.
const rounding = 1e-6

// manyPaths is where counting paths stops, far from overflow.
const manyPaths = 1e300

// Rank is how much a label is used.
type Rank struct {
	Label Label
	// Sources is how many sources pass by the label on average, if each takes one
	// of its shortest cheapest paths at random. A source that needs the label for
	// two steps counts twice.
	Sources float64
}

// Ranking answers "where would one look first?": the labels on shortest cheapest
// paths of some sources, by how much they are used, most first. It is a ranking
// of candidates and proves nothing: what is used most may be replaced most easily.
// But no label closes more sources than its rank says; see [WhatIf.Gains].
// Where several labels meet a requirement, each has its share. The error is that
// of the context.
func (d *Distances) Ranking(ctx context.Context, sources []Vertex) ([]Rank, error) {
	return d.rank(ctx, d.g.known(sources))
}

func (d *Distances) rank(ctx context.Context, sources []int32) ([]Rank, error) {
	w := &watch{ctx: ctx, doing: "ranking candidates"}
	g := d.g
	ways := make([]float64, g.Vertices())
	for _, v := range d.order {
		if w.stopped() {
			return nil, w.err()
		}
		if d.hops[v] == 0 {
			ways[v] = 1
			continue
		}
		for e := g.out[v]; e < g.out[v+1]; e++ {
			if d.next(e) {
				ways[v] = min(ways[v]+ways[g.head[e]], manyPaths)
			}
		}
	}
	passing := make([]float64, g.Vertices())
	for _, v := range sources {
		if d.cost[v] >= 0 {
			passing[v] = 1
		}
	}
	used := make([]float64, g.supports.count())
	for _, v := range slices.Backward(d.order) {
		if passing[v] == 0 || d.hops[v] == 0 {
			continue
		}
		if w.stopped() {
			return nil, w.err()
		}
		for e := g.out[v]; e < g.out[v+1]; e++ {
			if d.next(e) {
				share := passing[v] * (ways[g.head[e]] / ways[v])
				passing[g.head[e]] += share
				used[g.support[e]] += share
			}
		}
	}
	return d.share(used), w.err()
}

// share divides the use of supports among their labels.
func (d *Distances) share(used []float64) []Rank {
	byLabel := make([]float64, d.g.Labels())
	for s, n := range used {
		if n == 0 {
			continue
		}
		terms := d.g.supports.of(int32(s))
		for len(terms) > 0 {
			end := slices.Index(terms, clauseEnd)
			left := 0
			for _, l := range terms[:end] {
				if !d.gone.gone.has(int32(l)) {
					left++
				}
			}
			for _, l := range terms[:end] {
				if !d.gone.gone.has(int32(l)) {
					byLabel[l] += n / float64(left)
				}
			}
			terms = terms[end+1:]
		}
	}
	var ranking []Rank
	for l, n := range byLabel {
		if n > 0 {
			ranking = append(ranking, Rank{Label(l), n})
		}
	}
	slices.SortFunc(ranking, func(a, b Rank) int {
		return cmp.Or(-cmp.Compare(a.Sources, b.Sources), cmp.Compare(a.Label, b.Label))
	})
	return ranking
}
