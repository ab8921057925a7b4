package reach

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// MaxCost is the highest cost of an edge. Costs are steps of difficulty: 0 is
// free, MaxCost hardly worth trying.
const MaxCost = 4

// Builder collects edges and makes a [Graph] of them. What it is told in another
// order, or twice, makes the same graph.
type Builder struct {
	vertices, labels int
	edges            []rawEdge
	supports         supportTable
	// single is the support of a label alone, 0 if nobody asked for it yet.
	single   []Support
	compound map[string]Support
	err      error
}

type rawEdge struct {
	from, to Vertex
	support  Support
	cost     uint8
}

// NewBuilder returns a builder of a graph with vertices 0 to vertices-1 and
// labels 0 to labels-1.
func NewBuilder(vertices, labels int) *Builder {
	b := &Builder{vertices: vertices, labels: labels, compound: map[string]Support{}}
	if vertices < 0 || labels < 0 || vertices > math.MaxInt32-2 || labels > math.MaxInt32-2 {
		b.err = fmt.Errorf("building a graph of %d vertices and %d labels: a number is out of range", vertices, labels)
		b.vertices, b.labels = 0, 0
	}
	b.single = make([]Support, b.labels)
	b.supports.add(nil) // Always
	return b
}

// By returns the support of an edge that one label makes.
func (b *Builder) By(label Label) Support {
	if label < 0 || int(label) >= b.labels {
		b.fail("label %d of a support is not one of %d", label, b.labels)
		return Always
	}
	if b.single[label] == Always {
		b.single[label] = b.supports.add([]Label{label, clauseEnd})
	}
	return b.single[label]
}

// ByAll returns the support of an edge that holds while of each requirement at
// least one label is left. No requirement at all is [Always]. A requirement
// without a label could never be met; it is a mistake, and [Builder.Build]
// reports it.
func (b *Builder) ByAll(requirements ...[]Label) Support {
	for _, r := range requirements {
		if len(r) == 0 {
			b.fail("a requirement has no label")
			return Always
		}
		for _, l := range r {
			if l < 0 || int(l) >= b.labels {
				b.fail("label %d of a support is not one of %d", l, b.labels)
				return Always
			}
		}
	}
	terms := canonical(requirements)
	switch len(terms) {
	case 0:
		return Always
	case 2:
		return b.By(terms[0])
	}
	s, ok := b.compound[key(terms)]
	if !ok {
		s = b.supports.add(terms)
		b.compound[key(terms)] = s
	}
	return s
}

// canonical returns requirements as terms: each sorted, without those that follow
// from another, because who has (a) has (a or b) too.
func canonical(requirements [][]Label) []Label {
	sorted := make([][]Label, 0, len(requirements))
	for _, r := range requirements {
		r = slices.Clone(r)
		slices.Sort(r)
		sorted = append(sorted, slices.Compact(r))
	}
	slices.SortFunc(sorted, func(a, b []Label) int {
		if d := len(a) - len(b); d != 0 {
			return d
		}
		return slices.Compare(a, b)
	})
	var kept [][]Label
	for _, r := range sorted {
		if !slices.ContainsFunc(kept, func(k []Label) bool { return subset(k, r) }) {
			kept = append(kept, r)
		}
	}
	var terms []Label
	for _, r := range kept {
		terms = append(append(terms, r...), clauseEnd)
	}
	return terms
}

// subset tells whether each of a is in b; both are sorted.
func subset(a, b []Label) bool {
	for _, l := range a {
		if _, ok := slices.BinarySearch(b, l); !ok {
			return false
		}
	}
	return true
}

// Add adds an edge: who controls from also gets to, at a cost of 0 to [MaxCost],
// while the support holds, which is [Always] or comes from [Builder.By] or
// [Builder.ByAll]. An edge of a vertex to itself helps nobody and is left out.
// What is out of range is reported by [Builder.Build].
func (b *Builder) Add(from, to Vertex, cost int, support Support) {
	switch {
	case from < 0 || int(from) >= b.vertices || to < 0 || int(to) >= b.vertices:
		b.fail("edge from %d to %d: a vertex is not one of %d", from, to, b.vertices)
	case cost < 0 || cost > MaxCost:
		b.fail("edge from %d to %d: cost %d is not 0 to %d", from, to, cost, MaxCost)
	case support < 0 || int(support) >= b.supports.count():
		b.fail("edge from %d to %d: support %d is unknown", from, to, support)
	case len(b.edges) == math.MaxInt32:
		b.fail("too many edges")
	case from != to:
		b.edges = append(b.edges, rawEdge{from, to, support, uint8(cost)})
	}
}

func (b *Builder) fail(format string, a ...any) {
	if b.err == nil {
		b.err = errors.New("building a graph: " + fmt.Sprintf(format, a...))
	}
}

// Build makes the graph. The builder must not be used afterwards. The error is
// about the first thing that was out of range.
func (b *Builder) Build() (*Graph, error) {
	if b.err != nil {
		return nil, b.err
	}
	supports, renamed := b.supports.sorted()
	for i := range b.edges {
		b.edges[i].support = renamed[b.edges[i].support]
	}
	edges := b.inOrder(supports.count())
	g := &Graph{
		supports: supports,
		tail:     make([]int32, len(edges)),
		head:     make([]int32, len(edges)),
		cost:     make([]uint8, len(edges)),
		support:  make([]int32, len(edges)),
	}
	for i, e := range edges {
		g.tail[i], g.head[i], g.cost[i], g.support[i] = int32(e.from), int32(e.to), e.cost, int32(e.support)
	}
	g.out = starts(g.tail, b.vertices)
	g.in, g.inEdge = grouped(g.head, b.vertices)
	g.supportStart, g.supportEdge = grouped(g.support, supports.count())
	g.labelStart, g.labelSupport = supports.byLabel(b.labels)
	b.edges = nil
	return g, nil
}

// inOrder returns the edges by tail, head and support, of equal ones the
// cheapest. It sorts by counting, from the least key to the first.
func (b *Builder) inOrder(supports int) []rawEdge {
	from, to := b.edges, make([]rawEdge, len(b.edges))
	pass := func(keys int, key func(*rawEdge) int32) {
		at := make([]int32, keys+1)
		for i := range from {
			at[key(&from[i])+1]++
		}
		for k := range keys {
			at[k+1] += at[k]
		}
		for i := range from {
			k := key(&from[i])
			to[at[k]] = from[i]
			at[k]++
		}
		from, to = to, from
	}
	pass(MaxCost+1, func(e *rawEdge) int32 { return int32(e.cost) })
	pass(supports, func(e *rawEdge) int32 { return int32(e.support) })
	pass(b.vertices, func(e *rawEdge) int32 { return int32(e.to) })
	pass(b.vertices, func(e *rawEdge) int32 { return int32(e.from) })
	return slices.CompactFunc(from, func(a, b rawEdge) bool {
		return a.from == b.from && a.to == b.to && a.support == b.support
	})
}

// starts returns where each key begins in a sorted list of keys, and its end.
func starts(sorted []int32, keys int) []int32 {
	at := make([]int32, keys+1)
	for _, k := range sorted {
		at[k+1]++
	}
	for k := range keys {
		at[k+1] += at[k]
	}
	return at
}

// grouped returns the positions of each key in a list, key after key, and where
// each key begins.
func grouped(list []int32, keys int) (start, positions []int32) {
	start = starts(list, keys)
	positions = make([]int32, len(list))
	at := slices.Clone(start)
	for i, k := range list {
		positions[at[k]] = int32(i)
		at[k]++
	}
	return start, positions
}
