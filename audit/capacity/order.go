package capacity

import (
	"cmp"
	"slices"
)

// Fullest returns the nodes, those first of which the largest share is requested of CPU or
// memory; what takes no pods comes last.
func (c *Capacity) Fullest() []*Node {
	nodes := make([]*Node, len(c.All))
	for i := range c.All {
		nodes[i] = &c.All[i]
	}
	load := func(n *Node) float64 {
		cpu, _ := Share(n.Requests.CPU, n.Allocatable.CPU)
		memory, _ := Share(n.Requests.Memory, n.Allocatable.Memory)
		if !n.TakesPods() {
			return max(cpu, memory) - 1e6
		}
		return max(cpu, memory)
	}
	slices.SortStableFunc(nodes, func(a, b *Node) int { return cmp.Compare(load(b), load(a)) })
	return nodes
}

// Wasteful returns the namespaces, those first that use least of what they request, by the
// share that this is of the cluster's CPU or memory; where no use is known, those first that
// request most.
func (c *Capacity) Wasteful() []*Namespace {
	all := make([]*Namespace, len(c.Namespaces))
	for i := range c.Namespaces {
		all[i] = &c.Namespaces[i]
	}
	share := func(of, whole Amount) float64 {
		cpu, _ := Share(of.CPU, whole.CPU)
		memory, _ := Share(of.Memory, whole.Memory)
		return cpu + memory
	}
	slices.SortStableFunc(all, func(a, b *Namespace) int {
		return cmp.Or(
			cmp.Compare(share(b.Use.Waste, c.Sum.Requests), share(a.Use.Waste, c.Sum.Requests)),
			cmp.Compare(share(b.Requests, c.Sum.Requests), share(a.Requests, c.Sum.Requests)))
	})
	return all
}
