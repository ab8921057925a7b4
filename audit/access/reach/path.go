package reach

import (
	"cmp"
	"context"
	"slices"
)

// Path is a way from Start to a sink, the first sink it meets. It is without
// steps if Start is a sink itself.
type Path struct {
	Start Vertex
	Steps []Step
	// Cost is the sum of the costs of the steps.
	Cost int
}

// compare orders paths by cost, then by length, then by edges.
func (p Path) compare(q Path) int {
	return cmp.Or(cmp.Compare(p.Cost, q.Cost), cmp.Compare(len(p.Steps), len(q.Steps)),
		slices.CompareFunc(p.Steps, q.Steps, func(a, b Step) int { return cmp.Compare(a.Edge, b.Edge) }))
}

func (g *Graph) path(start int32, edges []int32) Path {
	p := Path{Start: Vertex(start)}
	for _, e := range edges {
		p.Steps = append(p.Steps, g.Step(Edge(e)))
		p.Cost += int(g.cost[e])
	}
	return p
}

// LabelsOf returns every label that helps to hold a step of a path, sorted. With
// all of them gone, no step is left but those that hold [Always].
func (g *Graph) LabelsOf(p Path) []Label {
	var labels []Label
	for _, s := range p.Steps {
		for _, l := range g.supports.of(int32(s.Support)) {
			if l != clauseEnd {
				labels = append(labels, l)
			}
		}
	}
	slices.Sort(labels)
	return slices.Compact(labels)
}

// Path returns the way an attacker at a vertex would go: the cheapest, of equal
// ones the shortest, of equal ones the one whose edges have the lowest numbers.
// It is false if no sink is reached.
func (d *Distances) Path(v Vertex) (Path, bool) {
	if d.cost[v] < 0 {
		return Path{}, false
	}
	edges := make([]int32, 0, d.hops[v])
	for at := int32(v); d.hops[at] > 0; {
		e := d.g.out[at]
		for !d.next(e) {
			e++
		}
		edges = append(edges, e)
		at = d.g.head[e]
	}
	return d.g.path(int32(v), edges), true
}

// Alternates answers "does it suffice to fix this way?": the first path is the
// one of [Distances.Path], and each further one is the best that is left when
// every label of all paths before it is gone. So no two paths share a label, and
// as many changes are needed at least as there are paths. There are at most k,
// and fewer if nothing is left to find, or if a path holds [Always] and so
// survives every change: such a path is the last.
func (d *Distances) Alternates(ctx context.Context, v Vertex, k int) ([]Path, error) {
	var (
		paths []Path
		gone  = slices.Clone(d.gone.labels)
		sinks = d.sinks()
	)
	for at := d; len(paths) < k; {
		p, ok := at.Path(v)
		if !ok {
			break
		}
		paths = append(paths, p)
		labels := d.g.LabelsOf(p)
		if len(labels) == 0 {
			break
		}
		gone = append(gone, labels...)
		if len(paths) == k {
			break
		}
		next, err := d.g.Towards(ctx, sinks, gone...)
		if err != nil {
			return nil, err
		}
		at = next
	}
	return paths, nil
}

// sinks returns the vertices without a step to go.
func (d *Distances) sinks() []Vertex {
	var sinks []Vertex
	for _, v := range d.order {
		if d.hops[v] > 0 {
			break
		}
		sinks = append(sinks, Vertex(v))
	}
	return sinks
}
