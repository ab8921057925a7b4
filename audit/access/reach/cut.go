package reach

import (
	"context"
	"slices"
)

// Cut is a set of changes that closes every source that can be closed.
type Cut struct {
	// Labels are what to take away, sorted. None can be left out.
	Labels []Label
	// Cost is the sum of their prices. No cut is cheaper than Bound; see
	// [Cut.Minimal].
	Cost, Bound int
	// Closed is how many sources the cut closes.
	Closed int
	// Permanent are the sources that stay open whatever is taken away, sorted as
	// they were given: the sinks among them, and those with a way on which
	// nothing can be taken away.
	Permanent []Vertex
}

// Minimal tells whether it is proved that no cheaper cut exists.
func (c Cut) Minimal() bool { return c.Cost == c.Bound }

const (
	// proofRounds bounds how often MinCut looks for ways past a cheaper cut.
	proofRounds = 100
	// proofPaths is how many ways it takes from one such look.
	proofPaths = 64
	// maxPrice keeps sums of prices far from overflow.
	maxPrice = 1 << 31
)

// MinCut answers "what is the cheapest set of changes after which no source
// reaches a sink?". That the cut closes them is always exact, by trial. That it is
// the cheapest is proved in most cases and said by [Cut.Minimal]; finding the
// cheapest set of labels is NP-hard in general, because one label may stand on
// many edges. The package comment says how it is done and when it is proved. The
// error is that of the context.
func (d *Distances) MinCut(ctx context.Context, sources []Vertex, price Price) (Cut, error) {
	return d.minCut(ctx, sources, price, proofRounds)
}

func (d *Distances) minCut(ctx context.Context, sources []Vertex, price Price, rounds int) (Cut, error) {
	w := &watch{ctx: ctx, doing: "finding the cheapest cut"}
	bounded := func(l Label) int { return int(min(price.of(l), maxPrice)) }
	n := newGates(d, bounded)
	cut := Cut{Permanent: n.contract(sources)}
	cut.Closed = len(n.sources)
	if cut.Closed == 0 {
		return cut, nil
	}
	if err := n.build(w); err != nil {
		return Cut{}, err
	}
	if err := n.flow.run(w); err != nil {
		return Cut{}, err
	}
	proof := &proof{n: n, price: bounded, best: n.cut()}
	proof.cost = Price(bounded).sum(proof.best)
	proof.bound, proof.passed = n.packed()
	if proof.bound < proof.cost {
		if err := proof.close(ctx, d.WhatIf(sources), rounds); err != nil {
			return Cut{}, err
		}
	}
	cut.Labels = slices.Sorted(slices.Values(proof.best))
	cut.Cost, cut.Bound = int(proof.cost), int(proof.bound)
	return cut, nil
}
