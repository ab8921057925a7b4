package paths

import (
	"context"
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit/access/graph"
	"github.com/seaworthy-dev/seaworthy/audit/access/reach"
)

// Distances says how far it is from every vertex to having the cluster: what the
// hops of the easiest way cost. Root on a node that has nothing of the control plane
// is not the cluster, but all that runs there, and that may be more tomorrow: it is
// taken to be afterNode short of it. So a cluster whose control plane is out of sight
// is measured as well.
type Distances struct {
	of     *Map
	search *reach.Graph
	far    *reach.Distances
}

// afterNode is the cost from root on a node to the cluster, as much as from one
// node to another that has what is wanted.
const afterNode = 2

// Distances measures the costs from every vertex. The error is that of the context.
func (m *Map) Distances(ctx context.Context) (*Distances, error) {
	e := &Distances{of: m, search: m.ended()}
	return e.measured(ctx)
}

// Without measures the costs as it is if what some evidence stands for were gone.
// The error is that of the context.
func (e *Distances) Without(ctx context.Context, gone func(graph.Evidence) bool) (*Distances, error) {
	var labels []reach.Label
	for l := range e.of.Labels() {
		if gone(e.of.Evidence(int32(l))) { //nolint:gosec // labels are numbered by int32
			labels = append(labels, reach.Label(l)) //nolint:gosec // the same
		}
	}
	other := &Distances{of: e.of, search: e.search}
	return other.measured(ctx, labels...)
}

func (e *Distances) measured(ctx context.Context, without ...reach.Label) (*Distances, error) {
	far, err := e.search.Towards(ctx, []reach.Vertex{e.end()}, without...)
	if err != nil {
		return nil, fmt.Errorf("measuring attack paths: %w", err)
	}
	e.far = far
	return e, nil
}

// From returns the cost from a vertex, 0 for who is granted the cluster itself;
// false if there is no way.
func (e *Distances) From(start int32) (int, bool) { return e.far.Cost(reach.Vertex(start)) }

// Way returns the way of the least cost, false if there is none. It ends at the
// cluster, or at a node.
func (e *Distances) Way(start int32) (Way, bool) {
	path, ok := e.far.Path(reach.Vertex(start))
	if !ok {
		return Way{}, false
	}
	way := Way{Start: start}
	for _, step := range path.Steps {
		if step.To == e.end() {
			break
		}
		hop := e.of.hop(e.search, step)
		way.Hops = append(way.Hops, hop)
		way.Cost += int(hop.Cost)
	}
	return way, true
}

// Falls returns what tells how many of some vertices fall with a vertex, at
// whatever cost. The error is that of the context.
func (e *Distances) Falls(ctx context.Context, targets []int32) (func(start int32) int, error) {
	radius, err := e.search.Radius(ctx, vertices(targets))
	if err != nil {
		return nil, fmt.Errorf("measuring what falls with what: %w", err)
	}
	return func(start int32) int { return radius.Count(reach.Vertex(start)) }, nil
}

// end returns the vertex behind the cluster and the nodes, which the attack graph
// does not have.
func (e *Distances) end() reach.Vertex { return reach.Vertex(e.of.Len()) }

// ended returns a graph for searching in which ways end.
func (m *Map) ended() *reach.Graph {
	end := reach.Vertex(m.Len())
	return build(m.Graph, m.Len()+1, func(b *reach.Builder) {
		b.Add(reach.Vertex(m.Cluster()), end, 0, reach.Always)
		for _, node := range m.Nodes() {
			if !m.leads(node, m.Cluster()) { // as one of the control plane does
				b.Add(reach.Vertex(node), end, afterNode, reach.Always)
			}
		}
	})
}

// leads reports whether an edge goes from one vertex to another.
func (m *Map) leads(from, to int32) bool {
	for _, e := range m.From(from) {
		if e.To == to {
			return true
		}
	}
	return false
}
