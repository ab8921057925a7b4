package reach

import (
	"cmp"
	"context"
	"slices"
)

// prune leaves out labels, the dearest first, while the others close as much. The
// error is that of the context.
func (w *WhatIf) prune(ctx context.Context, labels []Label, price Price) ([]Label, error) {
	at, err := w.d.g.Towards(ctx, w.d.sinks(), append(slices.Clone(w.d.gone.labels), labels...)...)
	if err != nil {
		return nil, err
	}
	p := &pruning{at: at, reached: newBitset(w.d.g.Vertices())}
	for _, v := range w.Closed(labels...) {
		p.add(int32(v))
	}
	p.spread(0)
	dearest := slices.Clone(labels)
	slices.SortStableFunc(dearest, func(a, b Label) int { return -cmp.Compare(price.of(a), price.of(b)) })
	tick := &watch{ctx: ctx, doing: "trying removals"}
	kept := slices.Clone(at.gone.gone)
	for _, l := range dearest {
		if err := tick.err(); err != nil {
			return nil, err
		}
		if p.spare(l) {
			kept.clear(int32(l))
		}
	}
	return slices.DeleteFunc(slices.Clone(labels), func(l Label) bool { return !kept.has(int32(l)) }), nil
}

// pruning knows what the sources that are to stay closed reach, and puts labels
// back as long as that is no sink.
type pruning struct {
	at      *Distances // without all labels
	reached bitset
	list    []int32
}

func (p *pruning) add(v int32) {
	if !p.reached.has(v) {
		p.reached.set(v)
		p.list = append(p.list, v)
	}
}

// spread goes on from what was added since, and tells whether that stays away
// from the sinks.
func (p *pruning) spread(since int) bool {
	g := p.at.g
	for i := since; i < len(p.list); i++ {
		v := p.list[i]
		if p.at.cost[v] >= 0 {
			return false
		}
		for e := g.out[v]; e < g.out[v+1]; e++ {
			if !p.reached.has(g.head[e]) && !p.at.gone.breaks(e) {
				p.add(g.head[e])
			}
		}
	}
	return true
}

// spare puts a label back if no source gets to a sink by it, and tells whether it
// did.
func (p *pruning) spare(l Label) bool {
	g := p.at.g
	since := len(p.list)
	mended := p.at.gone.putBack(l)
	for _, s := range mended {
		for _, e := range g.supportEdge[g.supportStart[s]:g.supportStart[s+1]] {
			if p.reached.has(g.tail[e]) {
				p.add(g.head[e])
			}
		}
	}
	if p.spread(since) {
		return true
	}
	for _, v := range p.list[since:] {
		p.reached.clear(v)
	}
	p.list = p.list[:since]
	p.at.gone.takeAgain(l, mended)
	return false
}
