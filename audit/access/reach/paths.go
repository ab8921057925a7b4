package reach

import (
	"context"
	"math"
	"slices"
)

// Paths returns the k best ways from a vertex to a sink, best first, or all if
// there are fewer: by cost, of equal ones by length. No way meets a vertex twice,
// and each ends at the first sink it meets. Two that differ only in which of two
// parallel edges they use are two ways, because closing one leaves the other.
// Where cost and length are equal at the end of the list, which way is taken is
// the same each time, and no more is said. The error is that of the context.
//
// It is Yen's algorithm with Lawler's rule of where to turn off; what is left of
// each detour is found by A*, which the exact distances lead straight.
func (d *Distances) Paths(ctx context.Context, v Vertex, k int) ([]Path, error) {
	first, ok := d.Path(v)
	if !ok || k < 1 {
		return nil, nil
	}
	s := newDetours(ctx, d)
	found := []branch{{Path: first}}
	var candidates []branch
	for len(found) < k {
		last := found[len(found)-1]
		for at := last.turn; at < len(last.Steps); at++ {
			b, ok, err := s.turnOff(found, last, at)
			if err != nil {
				return nil, err
			}
			if ok {
				candidates = append(candidates, b)
			}
		}
		if len(candidates) == 0 {
			break
		}
		best := 0
		for i := range candidates {
			if candidates[i].compare(candidates[best].Path) < 0 {
				best = i
			}
		}
		found = append(found, candidates[best])
		candidates = slices.Delete(candidates, best, best+1)
	}
	paths := make([]Path, len(found))
	for i, b := range found {
		paths[i] = b.Path
	}
	return paths, nil
}

// branch is a path that turned off from another before its step turn. What turns
// off earlier has been looked for already.
type branch struct {
	Path
	turn int
}

// detours searches forward from a vertex, past vertices and edges that are shut.
type detours struct {
	d *Distances
	w *watch
	// far is the cost and number of edges from the start, as one number; by is the
	// edge by which a vertex is reached.
	far     []int64
	by      []int32
	touched []int32
	shut    bitset
	queue   frontier
}

const unreached = math.MaxInt64

func newDetours(ctx context.Context, d *Distances) *detours {
	s := &detours{
		d:    d,
		w:    &watch{ctx: ctx, doing: "finding paths"},
		far:  make([]int64, d.g.Vertices()),
		by:   make([]int32, d.g.Vertices()),
		shut: newBitset(d.g.Vertices()),
	}
	for v := range s.far {
		s.far[v] = unreached
	}
	return s
}

// turnOff finds the best path that goes as p does before step at, and then by an
// edge that none of the paths found so far takes from there.
func (s *detours) turnOff(found []branch, p branch, at int) (branch, bool, error) {
	shutEdges := map[int32]bool{}
	for _, f := range found {
		if len(f.Steps) > at && slices.Equal(f.Steps[:at], p.Steps[:at]) {
			shutEdges[int32(f.Steps[at].Edge)] = true
		}
	}
	for _, step := range p.Steps[:at] {
		s.shut.set(int32(step.From))
	}
	rest, err := s.search(int32(p.Steps[at].From), shutEdges)
	for _, step := range p.Steps[:at] {
		s.shut.clear(int32(step.From))
	}
	if err != nil || rest == nil {
		return branch{}, false, err
	}
	edges := make([]int32, 0, at+len(rest))
	for _, step := range p.Steps[:at] {
		edges = append(edges, int32(step.Edge))
	}
	return branch{s.d.g.path(int32(p.Start), append(edges, rest...)), at}, true, nil
}

// search returns the edges of the best way from a vertex to a sink, nil if there
// is none.
func (s *detours) search(start int32, shutEdges map[int32]bool) ([]int32, error) {
	defer s.reset()
	g, d := s.d.g, s.d
	s.reach(start, -1, 0)
	for len(s.queue) > 0 {
		if s.w.stopped() {
			return nil, s.w.err()
		}
		next := s.queue.pop()
		if next.far != s.far[next.vertex] {
			continue
		}
		if d.hops[next.vertex] == 0 {
			return s.back(next.vertex), nil
		}
		for e := g.out[next.vertex]; e < g.out[next.vertex+1]; e++ {
			v := g.head[e]
			if d.cost[v] < 0 || s.shut.has(v) || shutEdges[e] || d.gone.breaks(e) {
				continue
			}
			if far := next.far + int64(g.cost[e])<<32 + 1; far < s.far[v] {
				s.reach(v, e, far)
			}
		}
	}
	return nil, nil
}

func (s *detours) reach(v, by int32, far int64) {
	if s.far[v] == unreached {
		s.touched = append(s.touched, v)
	}
	s.far[v], s.by[v] = far, by
	left := int64(s.d.cost[v])<<32 + int64(s.d.hops[v])
	s.queue.push(waiting{far + left, far, v})
}

// back returns the edges by which a vertex was reached, first to last.
func (s *detours) back(v int32) []int32 {
	edges := []int32{}
	for e := s.by[v]; e >= 0; e = s.by[s.d.g.tail[e]] {
		edges = append(edges, e)
	}
	slices.Reverse(edges)
	return edges
}

func (s *detours) reset() {
	for _, v := range s.touched {
		s.far[v] = unreached
	}
	s.touched, s.queue = s.touched[:0], s.queue[:0]
}

// waiting is a vertex to go on from: whole is the length of a path through it at
// the least, far the part that is behind.
type waiting struct {
	whole, far int64
	vertex     int32
}

// before prefers, among equals, what is nearer to the end.
func (a waiting) before(b waiting) bool {
	switch {
	case a.whole != b.whole:
		return a.whole < b.whole
	case a.far != b.far:
		return a.far > b.far
	}
	return a.vertex < b.vertex
}

// frontier is a binary heap; container/heap would allocate for each vertex.
type frontier []waiting

func (f *frontier) push(x waiting) {
	*f = append(*f, x)
	h, i := *f, len(*f)-1
	for i > 0 && h[i].before(h[(i-1)/2]) {
		h[i], h[(i-1)/2] = h[(i-1)/2], h[i]
		i = (i - 1) / 2
	}
}

func (f *frontier) pop() waiting {
	h := *f
	top, last := h[0], len(h)-1
	h[0] = h[last]
	h = h[:last]
	*f = h
	for i := 0; ; {
		least := i
		for c := 2*i + 1; c <= 2*i+2 && c < last; c++ {
			if h[c].before(h[least]) {
				least = c
			}
		}
		if least == i {
			return top
		}
		h[i], h[least] = h[least], h[i]
		i = least
	}
}
