package capacity

import (
	"cmp"
	"slices"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Capacity is how a cluster is filled.
type Capacity struct {
	*Nodes
	Namespaces []Namespace // those that were looked at, by name
	// NamespacesUnknown says why what pods ask for is not known, LimitsUnknown and
	// QuotasUnknown the same of LimitRanges and ResourceQuotas; "" where it is.
	NamespacesUnknown, LimitsUnknown, QuotasUnknown string
	// Samples are what nodes used last, by name; one without a sample is not in it.
	Samples map[string]*Sample
	// UseUnknown says why the use of no pod is known; "" if that of some is.
	UseUnknown string

	// Sum is all namespaces together.
	Sum Namespace
	// Allocatable, Requested, Limits and Free are of all nodes that are no virtual ones;
	// Free of those that take pods.
	Allocatable, Requested, Limits, Free Amount
	// TakePods is how many nodes take pods.
	TakePods int
	// Hole is the node with the most room for pods like those that are there; nil if none
	// takes any.
	Hole *Node
	// Stranded is the part of Free that pods like those that are there cannot take, since
	// on its node the other resource, or the number of pods, is used up before.
	Stranded Amount
	// Least is on how many of the nodes that take pods all that is requested would fit at
	// the best; 0 if that cannot be told.
	Least int
	// Losses are the nodes whose pods have no room elsewhere, those that lack most first.
	Losses []Loss
}

// Of returns how the cluster of a view is filled, which the caller must not change. It looks
// at every pod, once for a view.
func Of(c *kube.Cluster) *Capacity { return capacityOf.Of(c) }

var capacityOf = kube.Derive(func(c *kube.Cluster) *Capacity {
	all := &Capacity{
		Nodes: NodesOf(c), NamespacesUnknown: unread(c, kube.Pods),
		LimitsUnknown: unread(c, kube.LimitRanges), QuotasUnknown: unread(c, kube.ResourceQuotas),
		Samples: map[string]*Sample{},
	}
	if all.NamespacesUnknown == "" {
		all.Namespaces = namespaces(c)
	}
	for i := range all.Namespaces {
		all.Sum.include(&all.Namespaces[i])
	}
	for i := range all.All {
		if sample := SampleOf(c, all.All[i].Name); sample != nil {
			all.Samples[all.All[i].Name] = sample
		}
	}
	if all.NamespacesUnknown != "" || !all.Sum.Use.Known() {
		all.UseUnknown = cmp.Or(all.NamespacesUnknown, unread(c, kube.PodMetrics), "no pod has been measured in the last minutes")
	}
	all.sum()
	return all
})

// include adds a namespace to a sum of namespaces.
func (n *Namespace) include(of *Namespace) {
	n.Pods, n.Pending = n.Pods+of.Pods, n.Pending+of.Pending
	n.Requests, n.Limits, n.Daemons = n.Requests.Plus(of.Requests), n.Limits.Plus(of.Limits), n.Daemons.Plus(of.Daemons)
	n.Use.add(of.Use)
	n.Containers, n.WithoutCPU, n.WithoutMemory = n.Containers+of.Containers, n.WithoutCPU+of.WithoutCPU, n.WithoutMemory+of.WithoutMemory
	n.Unlimited += of.Unlimited
	n.LimitRanges, n.Quotas = n.LimitRanges+of.LimitRanges, n.Quotas+of.Quotas
	n.Advice.add(of.Advice)
}

// sum adds up the nodes.
func (c *Capacity) sum() {
	for i := range c.All {
		if n := &c.All[i]; !n.Virtual {
			c.Allocatable, c.Requested, c.Limits = c.Allocatable.Plus(n.Allocatable), c.Requested.Plus(n.Requests), c.Limits.Plus(n.Limits)
		}
	}
	if c.PodsUnknown != "" {
		return // nobody knows what is free
	}
	var most float64
	for i := range c.All {
		n := &c.All[i]
		if !n.TakesPods() {
			continue
		}
		c.TakePods++
		usable, pods := n.usable(c.Requested)
		c.Free, c.Stranded = c.Free.Plus(n.Free()), c.Stranded.Plus(n.Free().Over(usable))
		if pods > most {
			most, c.Hole = pods, n
		}
	}
	c.Least = c.least()
	for i := range c.All {
		if n := &c.All[i]; n.movingPods > 0 && !n.Virtual {
			if l := c.LossOf(n); !l.Fits() {
				c.Losses = append(c.Losses, l)
			}
		}
	}
	slices.SortStableFunc(c.Losses, func(x, y Loss) int { return cmp.Compare(y.gravity(), x.gravity()) })
}

// gravity orders losses by the part of what moves that has no room.
func (l Loss) gravity() float64 {
	lacking := l.Moving.Over(l.Room)
	cpu, _ := Share(lacking.CPU, l.Moving.CPU)
	memory, _ := Share(lacking.Memory, l.Moving.Memory)
	pods, _ := Share(max(l.Pods-l.RoomPods, 0), l.Pods)
	return max(cpu, memory, pods)
}

// usable returns the part of what is free that pods can take that request CPU and memory in
// the proportion of whole, and a measure of how much that is.
func (n *Node) usable(whole Amount) (usable Amount, measure float64) {
	free := n.Free()
	if n.FreePods() == 0 {
		return Amount{}, 0
	}
	if whole.CPU <= 0 || whole.Memory <= 0 {
		return free, float64(free.CPU) + float64(free.Memory)/(1<<20)
	}
	times := min(float64(free.CPU)/float64(whole.CPU), float64(free.Memory)/float64(whole.Memory))
	return Amount{int64(times * float64(whole.CPU)), int64(times * float64(whole.Memory))}, times
}

// least returns on how many nodes all that is requested would fit if it could be cut as one
// likes: the largest nodes first, for each resource by itself. No fewer do.
func (c *Capacity) least() int {
	most := 0
	for _, of := range []struct{ has, asks func(*Node) int64 }{
		{func(n *Node) int64 { return n.Allocatable.CPU - n.bound().CPU }, func(n *Node) int64 { return n.Requests.CPU - n.bound().CPU }},
		{func(n *Node) int64 { return n.Allocatable.Memory - n.bound().Memory }, func(n *Node) int64 { return n.Requests.Memory - n.bound().Memory }},
	} {
		var rooms []int64
		wanted := int64(0)
		for i := range c.All {
			if n := &c.All[i]; n.TakesPods() {
				rooms = append(rooms, of.has(n))
				wanted += of.asks(n)
			}
		}
		slices.SortFunc(rooms, func(x, y int64) int { return cmp.Compare(y, x) })
		nodes := 0
		for ; wanted > 0 && nodes < len(rooms); nodes++ {
			wanted -= rooms[nodes]
		}
		most = max(most, nodes)
	}
	return most
}

// bound is what is requested of the node that is there whatever else is.
func (n *Node) bound() Amount { return n.Daemons.Plus(n.Static) }
