package reach

import (
	"context"
	"iter"
	"math/bits"
	"slices"
)

// Radius answers "what falls with this?" for every vertex at once: which of some
// targets it reaches. It never changes, and may be read by many goroutines at
// once.
type Radius struct {
	targets []Vertex
	words   int
	// set is the number of the set of targets of a vertex: many have the same.
	set   []int32
	sets  []uint64
	count []int32
}

// Radius finds the targets that each vertex reaches, itself included, as if some
// labels were gone. It takes an eighth of a byte for each target and distinct set
// of targets; a thousand targets are cheap. The error is that of the context.
//
// Vertices that reach each other reach the same, so it is done for each group of
// such at once, in the order in which Tarjan's algorithm (1972) completes them:
// what a group leads to comes before it.
func (g *Graph) Radius(ctx context.Context, targets []Vertex, without ...Label) (*Radius, error) {
	b := &radiusBuilder{
		g:       g,
		gone:    g.newRemoval(without),
		w:       &watch{ctx: ctx, doing: "measuring blast radius"},
		target:  make([]int32, g.Vertices()),
		low:     make([]int32, g.Vertices()),
		visited: make([]int32, g.Vertices()),
		byHash:  map[uint64]int32{},
	}
	b.r.set = make([]int32, g.Vertices())
	for v := range b.target {
		b.target[v], b.r.set[v] = -1, -1
	}
	for i, v := range g.known(targets) {
		b.target[v] = int32(i)
		b.r.targets = append(b.r.targets, Vertex(v))
	}
	b.r.words = (len(b.r.targets) + 63) / 64
	b.union = make([]uint64, b.r.words)
	b.intern() // the empty set is number 0
	for v := range int32(g.Vertices()) {
		if b.visited[v] == 0 {
			if err := b.visit(v); err != nil {
				return nil, err
			}
		}
	}
	return &b.r, b.w.err()
}

type radiusBuilder struct {
	g    *Graph
	gone *removal
	w    *watch
	r    Radius
	// target is the number of a target, -1 for what is none.
	target []int32

	visited, low []int32 // visits count from 1
	visits       int32
	open         []int32
	union        []uint64
	byHash       map[uint64]int32
}

func (b *radiusBuilder) visit(root int32) error {
	type frame struct{ v, edge int32 }
	var stack []frame
	enter := func(v int32) {
		b.visits++
		b.visited[v], b.low[v] = b.visits, b.visits
		b.open = append(b.open, v)
		stack = append(stack, frame{v, b.g.out[v]})
	}
	enter(root)
	for len(stack) > 0 {
		if b.w.stopped() {
			return b.w.err()
		}
		top := &stack[len(stack)-1]
		if top.edge < b.g.out[top.v+1] {
			e := top.edge
			top.edge++
			u := b.g.head[e]
			switch {
			case b.gone.breaks(e) || b.r.set[u] >= 0:
			case b.visited[u] == 0:
				enter(u)
			default:
				b.low[top.v] = min(b.low[top.v], b.visited[u])
			}
			continue
		}
		v := top.v
		stack = stack[:len(stack)-1]
		if len(stack) > 0 {
			up := stack[len(stack)-1].v
			b.low[up] = min(b.low[up], b.low[v])
		}
		if b.low[v] == b.visited[v] {
			b.complete(v)
		}
	}
	return nil
}

// complete gives a set to the group whose first visited vertex is v: the open
// vertices from v on.
func (b *radiusBuilder) complete(v int32) {
	first := len(b.open) - 1
	for b.open[first] != v {
		first--
	}
	group := b.open[first:]
	clear(b.union)
	last := int32(-1)
	for _, m := range group {
		if t := b.target[m]; t >= 0 {
			b.union[t>>6] |= 1 << (t & 63)
		}
		for e := b.g.out[m]; e < b.g.out[m+1]; e++ {
			s := b.r.set[b.g.head[e]]
			if s <= 0 || s == last || b.gone.breaks(e) {
				continue
			}
			last = s
			for i, word := range b.r.of(s) {
				b.union[i] |= word
			}
		}
	}
	s := b.intern()
	for _, m := range group {
		b.r.set[m] = s
	}
	b.open = b.open[:first]
}

// intern returns the number of the set in union.
func (b *radiusBuilder) intern() int32 {
	hash := uint64(14695981039346656037)
	for _, word := range b.union {
		hash = (hash ^ word) * 1099511628211
		hash ^= hash >> 29
	}
	for ; ; hash++ {
		s, ok := b.byHash[hash]
		if ok && !slices.Equal(b.r.of(s), b.union) {
			continue // another set has this place
		}
		if ok {
			return s
		}
		s = int32(len(b.r.count))
		b.byHash[hash] = s
		b.r.sets = append(b.r.sets, b.union...)
		n := 0
		for _, word := range b.union {
			n += bits.OnesCount64(word)
		}
		b.r.count = append(b.r.count, int32(n))
		return s
	}
}

func (r *Radius) of(s int32) []uint64 { return r.sets[int(s)*r.words : (int(s)+1)*r.words] }

// Count returns how many targets a vertex reaches, itself included if it is one.
func (r *Radius) Count(v Vertex) int { return int(r.count[r.set[v]]) }

// Targets yields the targets that a vertex reaches, in the order in which they
// were given.
func (r *Radius) Targets(v Vertex) iter.Seq[Vertex] {
	return func(yield func(Vertex) bool) {
		for i, word := range r.of(r.set[v]) {
			for ; word != 0; word &= word - 1 {
				if !yield(r.targets[i*64+bits.TrailingZeros64(word)]) {
					return
				}
			}
		}
	}
}

// Exposure returns for each target, in the order in which they were given, how
// many of some sources reach it.
func (r *Radius) Exposure(sources []Vertex) []int {
	perSet := make([]int, len(r.count))
	seen := newBitset(len(r.set))
	for _, v := range sources {
		if v >= 0 && int(v) < len(r.set) && !seen.has(int32(v)) {
			seen.set(int32(v))
			perSet[r.set[v]]++
		}
	}
	exposure := make([]int, len(r.targets))
	for s, n := range perSet {
		if n == 0 {
			continue
		}
		for i, word := range r.of(int32(s)) {
			for ; word != 0; word &= word - 1 {
				exposure[i*64+bits.TrailingZeros64(word)] += n
			}
		}
	}
	return exposure
}
