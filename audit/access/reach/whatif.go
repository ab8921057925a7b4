package reach

import (
	"cmp"
	"context"
	"slices"
)

// WhatIf answers, for one set of sources, "what if this were taken away?". The
// answer is exact, and takes time by how much would change, not by how large the
// graph is. It keeps notes while it works: one goroutine at a time.
type WhatIf struct {
	d       *Distances
	sources []int32 // those that reach a sink
	gone    *removal

	// Notes of one question, put back after it.
	cutOff, queued bitset
	lost, asked    []int32
	byHops         [][]int32
}

// WhatIf prepares questions about some sources. What was gone when the distances
// were measured stays gone.
func (d *Distances) WhatIf(sources []Vertex) *WhatIf {
	w := &WhatIf{
		d:      d,
		gone:   d.g.newRemoval(d.gone.labels),
		cutOff: newBitset(d.g.Vertices()),
		queued: newBitset(d.g.Vertices()),
	}
	for _, v := range d.g.known(sources) {
		if d.cost[v] >= 0 {
			w.sources = append(w.sources, v)
		}
	}
	if n := len(d.order); n > 0 {
		w.byHops = make([][]int32, d.hops[d.order[n-1]]+1)
	}
	return w
}

// Open returns how many of the sources reach a sink while nothing is taken away.
func (w *WhatIf) Open() int { return len(w.sources) }

// Still returns the sources that would still reach a sink without some labels.
func (w *WhatIf) Still(labels ...Label) []Vertex { return w.ask(labels, false) }

// Closed returns the sources that would no longer reach a sink without some
// labels.
func (w *WhatIf) Closed(labels ...Label) []Vertex { return w.ask(labels, true) }

// Gain returns how many sources would no longer reach a sink without some labels.
func (w *WhatIf) Gain(labels ...Label) int {
	defer w.reset()
	if !w.remove(labels) {
		return 0
	}
	n := 0
	for _, v := range w.sources {
		if w.cutOff.has(v) {
			n++
		}
	}
	return n
}

func (w *WhatIf) ask(labels []Label, closed bool) []Vertex {
	defer w.reset()
	w.remove(labels)
	var list []Vertex
	for _, v := range w.sources {
		if w.cutOff.has(v) == closed {
			list = append(list, Vertex(v))
		}
	}
	return list
}

// remove leaves in cutOff the vertices that lose every way, and tells whether
// there are any. A vertex from which a next step of a cheapest path is left keeps
// that path; so only those whose last such step breaks, or leads to one of these,
// need a look, and those are few.
func (w *WhatIf) remove(labels []Label) bool {
	d, g := w.d, w.d.g
	labelsBefore, brokenBefore := len(w.gone.labels), len(w.gone.touched)
	defer func() { w.gone.restore(labelsBefore, brokenBefore) }()
	for _, s := range w.gone.remove(labels) {
		for _, e := range g.supportEdge[g.supportStart[s]:g.supportStart[s+1]] {
			if d.next(e) {
				w.suspect(g.tail[e])
			}
		}
	}
	for hops := 1; hops < len(w.byHops); hops++ {
		for _, v := range w.byHops[hops] {
			if w.keepsStep(v) {
				continue
			}
			w.cutOff.set(v)
			w.lost = append(w.lost, v)
			for _, e := range g.inEdge[g.in[v]:g.in[v+1]] {
				if d.next(e) {
					w.suspect(g.tail[e])
				}
			}
		}
	}
	return w.rescue()
}

func (w *WhatIf) suspect(v int32) {
	if !w.queued.has(v) {
		w.queued.set(v)
		w.asked = append(w.asked, v)
		w.byHops[w.d.hops[v]] = append(w.byHops[w.d.hops[v]], v)
	}
}

// keepsStep tells whether a cheapest path goes on from a vertex as before.
func (w *WhatIf) keepsStep(v int32) bool {
	g := w.d.g
	for e := g.out[v]; e < g.out[v+1]; e++ {
		if !w.gone.breaks(e) && w.d.next(e) && !w.cutOff.has(g.head[e]) {
			return true
		}
	}
	return false
}

// rescue takes out of cutOff what has another way, and then what leads there. It
// tells whether anything is left.
func (w *WhatIf) rescue() bool {
	d, g := w.d, w.d.g
	var saved []int32
	for _, v := range w.lost {
		for e := g.out[v]; e < g.out[v+1]; e++ {
			if u := g.head[e]; d.cost[u] >= 0 && !w.cutOff.has(u) && !w.gone.breaks(e) {
				w.cutOff.clear(v)
				saved = append(saved, v)
				break
			}
		}
	}
	for i := 0; i < len(saved); i++ {
		v := saved[i]
		for _, e := range g.inEdge[g.in[v]:g.in[v+1]] {
			if u := g.tail[e]; w.cutOff.has(u) && !w.gone.breaks(e) {
				w.cutOff.clear(u)
				saved = append(saved, u)
			}
		}
	}
	return len(saved) < len(w.lost)
}

func (w *WhatIf) reset() {
	for _, v := range w.asked {
		w.queued.clear(v)
		w.cutOff.clear(v)
		at := w.d.hops[v]
		w.byHops[at] = w.byHops[at][:0]
	}
	w.asked, w.lost = w.asked[:0], w.lost[:0]
}

// Gain is how many sources would no longer reach a sink without a label.
type Gain struct {
	Label   Label
	Sources int
}

// Gains returns every label whose removal alone closes a source, by what it
// closes, most first: what is unavoidable, and for how many. It is exact and
// complete, and still asks only about labels that [Distances.Ranking] cannot rule
// out. The error is that of the context.
func (w *WhatIf) Gains(ctx context.Context) ([]Gain, error) {
	ranking, err := w.d.rank(ctx, w.sources)
	if err != nil {
		return nil, err
	}
	watch := &watch{ctx: ctx, doing: "trying removals"}
	var gains []Gain
	for _, r := range ranking {
		if r.Sources < 1-rounding {
			break
		}
		if err := watch.err(); err != nil {
			return nil, err
		}
		if n := w.Gain(r.Label); n > 0 {
			gains = append(gains, Gain{r.Label, n})
		}
	}
	slices.SortFunc(gains, func(a, b Gain) int {
		return cmp.Or(-cmp.Compare(a.Sources, b.Sources), cmp.Compare(a.Label, b.Label))
	})
	return gains, nil
}
