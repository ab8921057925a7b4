package reach

import (
	"context"
	"slices"
)

// Dominators answers "what can nobody get around?": the vertices that lie on every
// way from a vertex to a sink. It never changes, and may be read by many
// goroutines at once.
type Dominators struct {
	// next is the nearest unavoidable vertex, atSink if there is none before the
	// sinks, nowhere if no sink is reached.
	next []int32
	// order has the vertices so that next[v] comes before v.
	order []int32
}

const (
	atSink  = -1
	nowhere = -2
)

// Dominators finds for every vertex what is unavoidable on the way to a sink, in
// one pass (Lengauer and Tarjan 1979). With several sinks, a sink is unavoidable
// only if no other can be reached around it. The error is that of the context.
func (d *Distances) Dominators(ctx context.Context) (*Dominators, error) {
	t := newTree(d, &watch{ctx: ctx, doing: "finding choke points"})
	if err := t.walk(); err != nil {
		return nil, err
	}
	if err := t.join(); err != nil {
		return nil, err
	}
	return t.result(), nil
}

// tree is the work of the algorithm. Vertices have the number of their visit; 0
// is a root behind all sinks.
type tree struct {
	d *Distances
	w *watch

	number []int32 // vertex to visit, -1 before
	vertex []int32 // visit to vertex
	parent []int32

	semi, idom       []int32
	ancestor, best   []int32
	bucket, inBucket []int32 // lists: first of a visit, next of a visit
	stack            []int32
}

func newTree(d *Distances, w *watch) *tree {
	t := &tree{d: d, w: w, number: make([]int32, d.g.Vertices())}
	for v := range t.number {
		t.number[v] = -1
	}
	n := len(d.order) + 1
	t.vertex = append(make([]int32, 0, n), atSink)
	t.parent = append(make([]int32, 0, n), 0)
	return t
}

// walk visits, depth first and against the edges, all that reaches a sink.
func (t *tree) walk() error {
	g := t.d.g
	type visit struct{ v, edge int32 }
	var stack []visit
	enter := func(v, parent int32) {
		t.number[v] = int32(len(t.vertex))
		t.vertex = append(t.vertex, v)
		t.parent = append(t.parent, parent)
		stack = append(stack, visit{v, g.in[v]})
	}
	for _, sink := range t.d.sinks() {
		if t.number[sink] >= 0 {
			continue
		}
		enter(int32(sink), 0)
		for len(stack) > 0 {
			top := &stack[len(stack)-1]
			if top.edge == g.in[top.v+1] {
				stack = stack[:len(stack)-1]
				continue
			}
			if t.w.stopped() {
				return t.w.err()
			}
			e := g.inEdge[top.edge]
			top.edge++
			if u := g.tail[e]; t.number[u] < 0 && !t.d.gone.breaks(e) {
				enter(u, t.number[top.v])
			}
		}
	}
	return nil
}

// join finds semidominators from the last visit to the first, and dominators from
// them.
func (t *tree) join() error {
	n := len(t.vertex)
	t.semi, t.idom = make([]int32, n), make([]int32, n)
	t.ancestor, t.best = make([]int32, n), make([]int32, n)
	t.bucket, t.inBucket = make([]int32, n), make([]int32, n)
	for i := range int32(n) {
		t.semi[i], t.best[i] = i, i
		t.ancestor[i], t.bucket[i], t.inBucket[i] = -1, -1, -1
	}
	for i := int32(n) - 1; i > 0; i-- {
		if t.w.stopped() {
			return t.w.err()
		}
		t.semi[i] = min(t.semi[i], t.leastSemi(i))
		s := t.semi[i]
		t.inBucket[i] = t.bucket[s]
		t.bucket[s] = i
		p := t.parent[i]
		t.ancestor[i] = p
		for j := t.bucket[p]; j >= 0; j = t.inBucket[j] {
			if u := t.eval(j); t.semi[u] < t.semi[j] {
				t.idom[j] = u
			} else {
				t.idom[j] = p
			}
		}
		t.bucket[p] = -1
	}
	for i := 1; i < n; i++ {
		if t.idom[i] != t.semi[i] {
			t.idom[i] = t.idom[t.idom[i]]
		}
	}
	return t.w.err()
}

// leastSemi looks at what a visited vertex leads to in one step.
func (t *tree) leastSemi(i int32) int32 {
	g, v := t.d.g, t.vertex[i]
	if t.d.hops[v] == 0 {
		return 0
	}
	least := i
	for e := g.out[v]; e < g.out[v+1]; e++ {
		if j := t.number[g.head[e]]; j >= 0 && !t.d.gone.breaks(e) {
			least = min(least, t.semi[t.eval(j)])
		}
	}
	return least
}

// eval returns the visit with the least semidominator between one and the root of
// its part of the forest, and makes the way there short.
func (t *tree) eval(i int32) int32 {
	if t.ancestor[i] < 0 {
		return i
	}
	t.stack = t.stack[:0]
	for j := i; t.ancestor[t.ancestor[j]] >= 0; j = t.ancestor[j] {
		t.stack = append(t.stack, j)
	}
	for _, j := range slices.Backward(t.stack) {
		a := t.ancestor[j]
		if t.semi[t.best[a]] < t.semi[t.best[j]] {
			t.best[j] = t.best[a]
		}
		t.ancestor[j] = t.ancestor[a]
	}
	return t.best[i]
}

func (t *tree) result() *Dominators {
	r := &Dominators{next: make([]int32, len(t.number)), order: t.vertex[1:]}
	for v := range r.next {
		r.next[v] = nowhere
	}
	for i := 1; i < len(t.vertex); i++ {
		r.next[t.vertex[i]] = t.vertex[t.idom[i]]
	}
	return r
}

// Unavoidable returns the vertices on every way from a vertex to a sink, the
// nearest first, without the vertex itself. It is empty if there is none, or no
// way at all.
func (r *Dominators) Unavoidable(v Vertex) []Vertex {
	var list []Vertex
	for at := r.next[v]; at >= 0; at = r.next[at] {
		list = append(list, Vertex(at))
	}
	return list
}

// Counts returns for every vertex how many of some sources cannot get around it:
// other sources, not itself.
func (r *Dominators) Counts(sources []Vertex) []int32 {
	counts := make([]int32, len(r.next))
	source := newBitset(len(r.next))
	for _, v := range sources {
		if v >= 0 && int(v) < len(r.next) {
			source.set(int32(v))
		}
	}
	for _, v := range slices.Backward(r.order) {
		if at := r.next[v]; at >= 0 {
			counts[at] += counts[v]
			if source.has(v) {
				counts[at]++
			}
		}
	}
	return counts
}
