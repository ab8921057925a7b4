package reach

// packed takes the flow apart into ways and returns how much of it goes by ways
// that paths of the graph have too. As no label is passed by more than its price,
// every cut costs at least that: each way has a label that is cut.
func (n *gates) packed() int64 {
	var sum int64
	for {
		way, real := n.way()
		if way == nil {
			return sum
		}
		amount := n.sentBack(way)
		if real {
			sum += amount
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
	from   int32 // node of the vertex that was left last
	making int32 // through whose gates it goes, -1 before the first
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
		a, exists := n.choose(at, t)
		if a < 0 {
			return nil, 0, false
		}
		real = real && exists
		arcs = append(arcs, a)
		t = n.step(t, at, n.flow.to[a])
		at = n.flow.to[a]
	}
	return arcs, 0, real
}

// choose returns an arc with flow out of a node, one that the trail may go on by
// if there is one; -1 if there is none at all.
func (n *gates) choose(at int32, t trail) (arc int32, exists bool) {
	arc = -1
	for a := n.flow.first[at]; a >= 0; a = n.flow.next[a] {
		if n.flow.sent(a) == 0 {
			continue
		}
		if n.mayGo(at, n.flow.to[a], t) {
			return a, true
		}
		arc = a
	}
	return arc, false
}

// mayGo tells whether a path of the graph goes on from a node to the next.
func (n *gates) mayGo(at, to int32, t trail) bool {
	switch k, next := n.kinds[at], n.kinds[to]; {
	case k.kind == gateExit && next.kind == ofStage:
		return next.making == t.making && next.stage == t.stage+1
	case next.kind != ofVertex || k.kind == ofVertex:
		return true
	case k.kind == gateExit && !n.makings[t.making].single():
		return false // in the midst of stages
	default:
		return n.joins(t.making, t.from, to)
	}
}

// step returns the trail one node on.
func (n *gates) step(t trail, at, to int32) trail {
	switch k := n.kinds[to]; {
	case k.kind == ofStage:
		return trail{t.from, k.making, k.stage}
	case k.kind == ofVertex:
		return trail{from: to, making: -1}
	case k.kind == gateEntry && n.kinds[at].kind == ofVertex:
		return trail{t.from, k.making, 0}
	}
	return t
}

// joins tells whether an edge with a making leads from one node to another.
func (n *gates) joins(m, from, to int32) bool {
	g := n.d.g
	for _, s := range n.makings[m].supports {
		for _, e := range g.supportEdge[g.supportStart[s]:g.supportStart[s+1]] {
			if n.at(g.tail[e]) == from && n.at(g.head[e]) == to {
				return true
			}
		}
	}
	return false
}
