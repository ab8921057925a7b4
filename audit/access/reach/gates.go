package reach

import (
	"cmp"
	"slices"
)

// gates turns the question for a cut of labels into one for a maximum flow. Each
// label is one gate, an arc as wide as its price, however many edges it stands on.
// An edge becomes endless arcs through the gates of its requirements, one behind
// the other, and for each requirement through the gates of its labels side by
// side. As edges share gates, there may be ways through them that no path has: a
// cut of the network cuts all paths, but may cut more than it must.
type gates struct {
	d     *Distances
	price Price
	flow  flowNetwork

	// makings are what edges are made by, once what is gone, and what cannot be
	// taken away, is left out of their supports; of has that of each support, or
	// one of the two below.
	makings []making
	of      []int32

	sources []int32 // that can be closed
	atSink  bitset  // reaches a sink by fixed edges
	atStart bitset  // is reached from sources by fixed edges

	nodeOf []int32 // of a vertex, -1 if none
	kinds  []gateNode
	gate   map[Label]int32 // entry of a label's gate; the way out is the next node
}

// making is what must hold for some edges.
type making struct {
	needs    [][]Label
	supports []int32 // that come to this
	// entry is the first of the nodes of its stages, or the gate of its only label;
	// 0 before there is one.
	entry int32
}

const (
	isFixed  = -1 // cannot be broken
	isBroken = -2
)

// single tells whether one label decides, so that there is no need for stages.
func (m *making) single() bool { return len(m.needs) == 1 && len(m.needs[0]) == 1 }

// gateNode is what a node of the network stands for.
type gateNode struct {
	kind   gateKind
	label  Label // of a gate
	making int32 // of a stage
	stage  int32 // requirements that are behind
	// entered and left are the makings to or from which an arc was last drawn.
	entered, left int32
}

type gateKind uint8

const (
	ofVertex gateKind = iota
	gateEntry
	gateExit
	ofStage
)

func newGates(d *Distances, price Price) *gates {
	g := d.g
	n := &gates{
		d: d, price: price,
		of:      make([]int32, g.supports.count()),
		atSink:  newBitset(g.Vertices()),
		atStart: newBitset(g.Vertices()),
		nodeOf:  make([]int32, g.Vertices()),
		gate:    map[Label]int32{},
	}
	for v := range n.nodeOf {
		n.nodeOf[v] = -1
	}
	known := map[string]int32{}
	alone := make([]int32, g.Labels()) // making of a label alone, and 1
	for s := range int32(len(n.of)) {
		if d.gone.broken.has(s) {
			n.of[s] = isBroken
			continue
		}
		terms := g.supports.of(s)
		if len(terms) != 2 {
			terms = canonical(n.breakable(s))
		} else if n.price.of(terms[0]) <= 0 {
			terms = nil
		}
		switch len(terms) {
		case 0:
			n.of[s] = isFixed
		case 2:
			n.assign(s, terms, &alone[terms[0]])
		default:
			m := known[key(terms)]
			n.assign(s, terms, &m)
			known[key(terms)] = m
		}
	}
	return n
}

// assign gives a support its making, which is the one before number, or a new one
// if that is 0.
func (n *gates) assign(s int32, terms []Label, number *int32) {
	if *number == 0 {
		n.makings = append(n.makings, making{needs: split(terms)})
		*number = int32(len(n.makings))
	}
	n.of[s] = *number - 1
	m := &n.makings[*number-1]
	m.supports = append(m.supports, s)
}

// breakable returns the requirements of a support of which every label that is
// left can be taken away.
func (n *gates) breakable(s int32) [][]Label {
	return slices.DeleteFunc(n.d.gone.left(s), func(labels []Label) bool {
		return slices.ContainsFunc(labels, func(l Label) bool { return n.price.of(l) <= 0 })
	})
}

// fixed tells whether nothing that can be taken away breaks an edge.
func (n *gates) fixed(e int32) bool { return n.of[n.d.g.support[e]] == isFixed }

// contract finds what is as good as a sink and as good as a source, because
// nothing can be taken away between them, and returns the sources that stay open.
func (n *gates) contract(sources []Vertex) []Vertex {
	g, d := n.d.g, n.d
	var queue []int32
	for _, v := range d.sinks() {
		n.atSink.set(int32(v))
		queue = append(queue, int32(v))
	}
	for i := 0; i < len(queue); i++ {
		for _, e := range g.inEdge[g.in[queue[i]]:g.in[queue[i]+1]] {
			if u := g.tail[e]; !n.atSink.has(u) && n.fixed(e) {
				n.atSink.set(u)
				queue = append(queue, u)
			}
		}
	}
	var permanent []Vertex
	queue = queue[:0]
	for _, v := range g.known(sources) {
		switch {
		case d.cost[v] < 0:
		case n.atSink.has(v):
			permanent = append(permanent, Vertex(v))
		default:
			n.sources = append(n.sources, v)
			n.atStart.set(v)
			queue = append(queue, v)
		}
	}
	for i := 0; i < len(queue); i++ {
		for e := g.out[queue[i]]; e < g.out[queue[i]+1]; e++ {
			if u := g.head[e]; d.cost[u] >= 0 && !n.atStart.has(u) && n.fixed(e) {
				n.atStart.set(u)
				queue = append(queue, u)
			}
		}
	}
	return permanent
}

// build makes the network of what lies between sources and sinks.
func (n *gates) build(w *watch) error {
	n.node(gateNode{kind: ofVertex}) // flowSource
	n.node(gateNode{kind: ofVertex}) // flowSink
	between := n.between()
	g := n.d.g
	for e, s := range g.support {
		if n.of[s] == isFixed && between.has(g.tail[e]) && between.has(g.head[e]) {
			n.join(isFixed, n.at(g.tail[e]), n.at(g.head[e]))
		}
	}
	for m := range n.makings {
		if w.stopped() {
			return w.err()
		}
		for _, s := range n.makings[m].supports {
			for _, e := range g.supportEdge[g.supportStart[s]:g.supportStart[s+1]] {
				if between.has(g.tail[e]) && between.has(g.head[e]) {
					n.join(int32(m), n.at(g.tail[e]), n.at(g.head[e]))
				}
			}
		}
	}
	return w.err()
}

// join draws the arcs of an edge, those that are not there yet.
func (n *gates) join(m, from, to int32) {
	switch {
	case from == to || from == flowSink || to == flowSource:
	case m == isFixed:
		n.flow.arc(from, to, endless)
	default:
		entry, exit := n.through(m)
		if n.kinds[from].left != m+1 {
			n.kinds[from].left = m + 1
			n.flow.arc(from, entry, endless)
		}
		if n.kinds[to].entered != m+1 {
			n.kinds[to].entered = m + 1
			n.flow.arc(exit, to, endless)
		}
	}
}

// between returns what sources reach and what reaches a sink.
func (n *gates) between() bitset {
	g, d := n.d.g, n.d
	seen := newBitset(g.Vertices())
	var queue []int32
	for _, v := range n.sources {
		seen.set(v)
		queue = append(queue, v)
	}
	for i := 0; i < len(queue); i++ {
		v := queue[i]
		if n.atSink.has(v) {
			continue
		}
		for e := g.out[v]; e < g.out[v+1]; e++ {
			if u := g.head[e]; d.cost[u] >= 0 && !seen.has(u) && !d.gone.breaks(e) {
				seen.set(u)
				queue = append(queue, u)
			}
		}
	}
	return seen
}

func (n *gates) node(k gateNode) int32 {
	n.kinds = append(n.kinds, k)
	return n.flow.node()
}

// at returns the node of a vertex.
func (n *gates) at(v int32) int32 {
	switch {
	case n.atSink.has(v):
		return flowSink
	case n.atStart.has(v):
		return flowSource
	case n.nodeOf[v] < 0:
		n.nodeOf[v] = n.node(gateNode{kind: ofVertex})
	}
	return n.nodeOf[v]
}

// through returns the nodes between which the gates of a making lie.
func (n *gates) through(m int32) (entry, exit int32) {
	k := &n.makings[m]
	if k.single() {
		if k.entry == 0 {
			k.entry = n.gateOf(k.needs[0][0])
		}
		return k.entry, k.entry + 1
	}
	if k.entry == 0 {
		k.entry = n.node(gateNode{kind: ofStage, making: m})
		for i := range k.needs {
			n.node(gateNode{kind: ofStage, making: m, stage: int32(i) + 1})
		}
		n.rarestFirst(k.needs)
		for i, labels := range k.needs {
			before := k.entry + int32(i)
			for _, l := range labels {
				gate := n.gateOf(l)
				n.flow.arc(before, gate, endless)
				n.flow.arc(gate+1, before+1, endless)
			}
		}
	}
	return k.entry, k.entry + int32(len(k.needs))
}

// rarestFirst sorts requirements so that the gates that fewest others use come
// first: who gets to the others' gates then mostly has the right to.
func (n *gates) rarestFirst(needs [][]Label) {
	uses := func(labels []Label) (sum int32) {
		for _, l := range labels {
			for _, s := range n.d.g.labelSupport[n.d.g.labelStart[l]:n.d.g.labelStart[l+1]] {
				sum += n.d.g.supportStart[s+1] - n.d.g.supportStart[s]
			}
		}
		return sum
	}
	slices.SortStableFunc(needs, func(a, b []Label) int { return cmp.Compare(uses(a), uses(b)) })
}

func (n *gates) gateOf(l Label) int32 {
	entry, ok := n.gate[l]
	if !ok {
		entry = n.node(gateNode{kind: gateEntry, label: l})
		exit := n.node(gateNode{kind: gateExit, label: l})
		n.flow.arc(entry, exit, n.price.of(l))
		n.gate[l] = entry
	}
	return entry
}

// cut returns the labels whose gates part what the source still reaches from
// what it does not, after the flow has run.
func (n *gates) cut() []Label {
	var labels []Label
	for l, entry := range n.gate {
		if n.flow.level[entry] > 0 && n.flow.level[entry+1] == 0 {
			labels = append(labels, l)
		}
	}
	slices.Sort(labels)
	return labels
}
