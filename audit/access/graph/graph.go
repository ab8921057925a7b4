package graph

import (
	"fmt"
	"iter"
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Graph is the attack graph of one view. It never changes, and is shared by all
// who ask.
type Graph struct {
	vertices []Vertex
	edges    []edge // by From, family, To, label
	first    []int32
	evidence []evidence
	families []*Family
	index    map[key]int32
	classes  map[string]int32 // key of a class → its vertex
	entries  []int32
	pools    []pool
	in       *inputs
}

// Len returns how many vertices there are; they are numbered from 0.
func (g *Graph) Len() int { return len(g.vertices) }

// Size returns how many edges there are; they are numbered from 0.
func (g *Graph) Size() int { return len(g.edges) }

// Labels returns how many labels there are; they are numbered from 0.
func (g *Graph) Labels() int { return len(g.evidence) }

// Vertex returns a vertex by its number.
func (g *Graph) Vertex(v int32) Vertex { return g.vertices[v] }

// Vertices yields every vertex with its number.
func (g *Graph) Vertices() iter.Seq2[int32, Vertex] {
	return func(yield func(int32, Vertex) bool) {
		for i, v := range g.vertices {
			if !yield(int32(i), v) { //nolint:gosec // vertices are numbered by int32
				return
			}
		}
	}
}

// Edge returns an edge by its number.
func (g *Graph) Edge(e int) Edge {
	held := &g.edges[e]
	return Edge{held.from, held.to, g.families[held.family], held.cost, held.confidence, held.label}
}

// From yields the edges out of a vertex with their numbers.
func (g *Graph) From(v int32) iter.Seq2[int, Edge] {
	return func(yield func(int, Edge) bool) {
		for e := g.first[v]; e < g.first[v+1]; e++ {
			if !yield(int(e), g.Edge(int(e))) {
				return
			}
		}
	}
}

// Edges returns all edges in parallel slices, in the order of their numbers:
// what algorithms on graphs work on. The label is [None] for an edge that nothing
// takes away.
func (g *Graph) Edges() (from, to []int32, cost []uint8, label []int32) {
	n := len(g.edges)
	from, to, cost, label = make([]int32, n), make([]int32, n), make([]uint8, n), make([]int32, n)
	for i := range g.edges {
		e := &g.edges[i]
		from[i], to[i], cost[i], label[i] = e.from, e.to, e.cost, e.label
	}
	return from, to, cost, label
}

// Evidence returns what a label stands for. It is the zero value for [None].
func (g *Graph) Evidence(label int32) Evidence {
	if label == None {
		return Evidence{}
	}
	held := &g.evidence[label]
	e := Evidence{Binding: held.binding, Rule: int(held.rule), Object: held.object, Path: held.path}
	switch {
	case held.binding != nil:
		e.Role, e.Object = held.binding.Role, held.binding.Ref
	case isRole(held.object) && held.path == "":
		e.Role = held.object
	}
	return e
}

func isRole(ref kube.Ref) bool {
	return ref.Group == kube.Roles.Group && (ref.Kind == kube.Roles.Kind || ref.Kind == kube.ClusterRoles.Kind)
}

// Describe tells an edge in one sentence. Of a way that needs several grants the
// last step tells how it goes, the others what else it takes.
func (g *Graph) Describe(e Edge) string {
	evidence := "how Kubernetes works"
	if e.Label != None {
		evidence = g.Evidence(e.Label).String()
	}
	from, to := &g.vertices[e.From], &g.vertices[e.To]
	if to.Kind == Partly {
		right := to.Name[strings.LastIndex(to.Name, " with ")+len(" with "):]
		if i := strings.LastIndex(right, " and "); i >= 0 {
			right = right[i+len(" and "):]
		}
		return fmt.Sprintf("%s may %s, which is a part of it: %s (%s)", from.who(), right, e.Family.Title, evidence)
	}
	return e.Family.Tell(from.who(), to.String(), evidence)
}

// who returns how a vertex is called, and for who has some of what a way needs only
// who that is.
func (v *Vertex) who() string {
	if v.Kind == Partly {
		return v.Name[:strings.LastIndex(v.Name, " with ")]
	}
	return v.String()
}
