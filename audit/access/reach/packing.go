package reach

import "slices"

// packed takes the flow apart into ways and returns how much of it goes by ways
// that paths of the graph have too, and for each label how much passes it. As no
// label is passed by more than its price, every cut costs at least that: each way
// has a label that is cut.
func (n *gates) packed() (sum int64, passed []int64) {
	passed = make([]int64, n.d.g.Labels())
	for {
		way, real := n.way()
		if way == nil {
			return sum, passed
		}
		amount := n.sentBack(way)
		if !real {
			continue
		}
		sum += amount
		for _, a := range way {
			if k := n.kinds[n.flow.to[a]]; k.kind == gateExit {
				passed[k.label] += amount
			}
		}
	}
}

// sentBack takes the flow along a way out of the network.
func (n *gates) sentBack(way []int32) int64 {
	amount := int64(endless)
	for _, a := range way {
		amount = min(amount, n.flow.sent(a))
	}
	for _, a := range way {
		n.flow.room[a] += amount
		n.flow.room[a^1] -= amount
	}
	return amount
}

// trail is where a way through the network stands in the graph.
type trail struct {
	from   int32   // node of the vertex that was left last
	labels []Label // whose gates were passed since
	making int32   // among whose stages it is, -1 if among none
	stage  int32
}

// way follows flow from the source to the sink, where it can by edges that exist,
// and tells whether it could. It is nil when no flow is left. Flow in a circle,
// which is of no use, is taken out on the way.
func (n *gates) way() (way []int32, real bool) {
	for {
		arcs, circle, real := n.follow()
		if circle == 0 {
			return arcs, real
		}
		n.sentBack(arcs[len(arcs)-circle:])
	}
}

// follow returns the arcs of a way, or of a way that ends in a circle of so many
// arcs.
func (n *gates) follow() (arcs []int32, circle int, real bool) {
	at := int32(flowSource)
	place := map[int32]int{}
	t := trail{from: at, making: -1}
	real = true
	for at != flowSink {
		if was, ok := place[at]; ok {
			return arcs, len(arcs) - was, false
		}
		place[at] = len(arcs)
		a := n.choose(at, t)
		if a < 0 {
			return nil, 0, false
		}
		arcs = append(arcs, a)
		next := n.flow.to[a]
		switch k := n.kinds[next]; k.kind {
		case ofVertex:
			real = real && n.arrives(t, next)
			t = trail{from: next, making: -1}
		case ofStage:
			t.making, t.stage = k.making, k.stage
		case gateExit:
			t.labels = append(t.labels, k.label)
		case gateEntry:
		}
		at = next
	}
	return arcs, 0, real
}

// choose returns an arc with flow out of a node, one by which a path of the graph
// may go on if there is one; -1 if there is none at all.
func (n *gates) choose(at int32, t trail) int32 {
	found := int32(-1)
	for a := n.flow.first[at]; a >= 0; a = n.flow.next[a] {
		if n.flow.sent(a) == 0 {
			continue
		}
		if n.mayGo(at, n.flow.to[a], t) {
			return a
		}
		found = a
	}
	return found
}

// mayGo tells whether a path of the graph may go on from a node to the next.
func (n *gates) mayGo(at, to int32, t trail) bool {
	switch k := n.kinds[to]; k.kind {
	case ofVertex:
		return n.arrives(t, to)
	case ofStage:
		return n.kinds[at].kind == ofVertex || k.making == t.making && k.stage == t.stage+1
	case gateEntry, gateExit:
	}
	return true
}

// arrives tells whether an edge leads from the vertex that a trail left to another
// and holds by labels that it passed: then what it passed must be cut for that
// edge too. A trail that passed none came by an edge that is fixed.
func (n *gates) arrives(t trail, to int32) bool {
	if len(t.labels) == 0 {
		return true
	}
	g := n.d.g
	for _, l := range t.labels {
		for _, s := range g.labelSupport[g.labelStart[l]:g.labelStart[l+1]] {
			if m := n.of[s]; m >= 0 && n.passed(m, t.labels) && n.joins(s, t.from, to) {
				return true
			}
		}
	}
	return false
}

// passed tells whether some labels have one of each requirement.
func (n *gates) passed(m int32, labels []Label) bool {
	return !slices.ContainsFunc(n.makings[m].needs, func(some []Label) bool {
		return !slices.ContainsFunc(some, func(l Label) bool { return slices.Contains(labels, l) })
	})
}

// joins tells whether an edge with a support leads from one node to another.
func (n *gates) joins(s, from, to int32) bool {
	g := n.d.g
	return slices.ContainsFunc(g.supportEdge[g.supportStart[s]:g.supportStart[s+1]], func(e int32) bool {
		return n.at(g.tail[e]) == from && n.at(g.head[e]) == to
	})
}
