package reach

import "iter"

// Vertex is something an attacker may control, as a number from 0.
type Vertex int32

// Label is something a person can take away, as a number from 0: a grant, or a
// field of a pod.
type Label int32

// Edge is the number of an edge, from 0, by tail, head and support.
type Edge int32

// Graph is a directed graph whose edges have a cost and a support. It never
// changes, and may be read by many goroutines at once.
//
// Edges are numbers into parallel lists. Those out of a vertex are neighbours;
// those into a vertex are found by inEdge.
type Graph struct {
	out, in    []int32 // vertex to its first edge, and a last entry
	inEdge     []int32
	tail, head []int32
	support    []int32
	cost       []uint8

	supports                  supportTable
	supportStart, supportEdge []int32 // support to its edges
	labelStart, labelSupport  []int32 // label to the supports it stands in
}

// Vertices returns how many vertices there are.
func (g *Graph) Vertices() int { return len(g.out) - 1 }

// Edges returns how many edges there are.
func (g *Graph) Edges() int { return len(g.head) }

// Labels returns how many labels there are, of which some may make no edge.
func (g *Graph) Labels() int { return len(g.labelStart) - 1 }

// Step is an edge with what belongs to it: who controls From also gets To.
type Step struct {
	Edge     Edge
	From, To Vertex
	Cost     int
	Support  Support
}

// Step returns an edge by its number.
func (g *Graph) Step(e Edge) Step {
	return Step{e, Vertex(g.tail[e]), Vertex(g.head[e]), int(g.cost[e]), Support(g.support[e])}
}

// From yields what a vertex leads to in one step.
func (g *Graph) From(v Vertex) iter.Seq[Step] {
	return func(yield func(Step) bool) {
		for e := g.out[v]; e < g.out[v+1]; e++ {
			if !yield(g.Step(Edge(e))) {
				return
			}
		}
	}
}

// Into yields what leads to a vertex in one step.
func (g *Graph) Into(v Vertex) iter.Seq[Step] {
	return func(yield func(Step) bool) {
		for _, e := range g.inEdge[g.in[v]:g.in[v+1]] {
			if !yield(g.Step(Edge(e))) {
				return
			}
		}
	}
}

// Requirements returns what a support needs: of each list at least one label.
// It is nil for [Always]. Requirements that follow from others are left out.
func (g *Graph) Requirements(s Support) [][]Label { return split(g.supports.of(int32(s))) }

// known returns those of a list that are vertices of the graph, once each, in
// their order.
func (g *Graph) known(list []Vertex) []int32 {
	seen := newBitset(g.Vertices())
	var known []int32
	for _, v := range list {
		if v >= 0 && int(v) < g.Vertices() && !seen.has(int32(v)) {
			seen.set(int32(v))
			known = append(known, int32(v))
		}
	}
	return known
}
