package reach

import (
	"context"
	"slices"
)

// Distances says from where a set of sinks is reached, and how easily: the answer
// to "who can become cluster-admin, and in how many steps?". It never changes,
// and may be read by many goroutines at once.
type Distances struct {
	g    *Graph
	cost []int32 // -1 where no sink is reached
	hops []int32 // of the shortest of the cheapest paths
	// order has the vertices that reach a sink by hops: what the next steps of a
	// cheapest path are comes before it.
	order []int32
	gone  *removal
}

// Towards measures the distance of every vertex to the nearest of some sinks, as
// if some labels were gone. Vertices and labels that the graph does not have are
// passed over. The error is that of the context.
func (g *Graph) Towards(ctx context.Context, sinks []Vertex, without ...Label) (*Distances, error) {
	d := &Distances{
		g:    g,
		cost: make([]int32, g.Vertices()),
		hops: make([]int32, g.Vertices()),
		gone: g.newRemoval(without),
	}
	w := &watch{ctx: ctx, doing: "measuring distances"}
	known := g.known(sinks)
	if err := d.measure(w, known); err != nil {
		return nil, err
	}
	if err := d.count(w, known); err != nil {
		return nil, err
	}
	return d, nil
}

// measure is Dijkstra's algorithm against the edges. A cost is at most MaxCost,
// so a ring of MaxCost+1 lists does for the queue (Dial 1969).
func (d *Distances) measure(w *watch, sinks []int32) error {
	g := d.g
	for v := range d.cost {
		d.cost[v] = -1
	}
	var ring [MaxCost + 1][]int32
	for _, v := range sinks {
		d.cost[v] = 0
	}
	ring[0] = slices.Clone(sinks)
	for now, empty := int32(0), 0; empty <= MaxCost; now++ {
		list := &ring[now%(MaxCost+1)]
		if len(*list) == 0 {
			empty++
			continue
		}
		empty = 0
		for len(*list) > 0 { // edges without a cost add to it
			v := (*list)[len(*list)-1]
			*list = (*list)[:len(*list)-1]
			if d.cost[v] != now {
				continue // has become cheaper since
			}
			if w.stopped() {
				return w.err()
			}
			for _, e := range g.inEdge[g.in[v]:g.in[v+1]] {
				u, far := g.tail[e], now+int32(g.cost[e])
				if (d.cost[u] < 0 || far < d.cost[u]) && !d.gone.breaks(e) {
					d.cost[u] = far
					at := far % (MaxCost + 1)
					ring[at] = append(ring[at], u)
				}
			}
		}
	}
	return nil
}

// count goes back from the sinks by edges of cheapest paths alone, breadth first.
func (d *Distances) count(w *watch, sinks []int32) error {
	g := d.g
	for v := range d.hops {
		d.hops[v] = -1
	}
	for _, v := range sinks {
		d.hops[v] = 0
	}
	d.order = slices.Clone(sinks)
	for i := 0; i < len(d.order); i++ {
		if w.stopped() {
			return w.err()
		}
		v := d.order[i]
		for _, e := range g.inEdge[g.in[v]:g.in[v+1]] {
			u := g.tail[e]
			if d.hops[u] < 0 && d.cost[u] == d.cost[v]+int32(g.cost[e]) && !d.gone.breaks(e) {
				d.hops[u] = d.hops[v] + 1
				d.order = append(d.order, u)
			}
		}
	}
	return w.err()
}

// next tells whether an edge is a step of a shortest of the cheapest paths.
func (d *Distances) next(e int32) bool {
	u, v := d.g.tail[e], d.g.head[e]
	return d.hops[v] >= 0 && d.hops[u] == d.hops[v]+1 && d.cost[u] == d.cost[v]+int32(d.g.cost[e]) && !d.gone.breaks(e)
}

// Reaches tells whether a vertex reaches a sink.
func (d *Distances) Reaches(v Vertex) bool { return d.cost[v] >= 0 }

// Cost returns the least sum of costs from a vertex to a sink, 0 if it is one,
// and false if it reaches none.
func (d *Distances) Cost(v Vertex) (int, bool) { return int(max(d.cost[v], 0)), d.cost[v] >= 0 }

// Count returns how many of some sources reach a sink, each counted once.
func (d *Distances) Count(sources []Vertex) int {
	n := 0
	for _, v := range d.g.known(sources) {
		if d.cost[v] >= 0 {
			n++
		}
	}
	return n
}
