package reach_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit/access/reach"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// model is a graph told in the plainest way, of which every question is answered
// by trying everything.
type model struct {
	vertices, labels int
	edges            []modelEdge
	sources, sinks   []reach.Vertex
}

type modelEdge struct {
	from, to reach.Vertex
	cost     int
	needs    [][]reach.Label
}

// random makes small graphs full of what goes wrong: loops, parallel edges,
// circles without a cost, sources that are sinks, nothing at all.
func random(r *rand.Rand) model {
	m := model{vertices: 1 + r.IntN(8), labels: 1 + r.IntN(6)}
	vertex := func() reach.Vertex { return reach.Vertex(r.IntN(m.vertices)) }
	dear, compound := r.IntN(reach.MaxCost+1), r.IntN(3)
	for range r.IntN(3 * m.vertices) {
		e := modelEdge{from: vertex(), to: vertex(), cost: r.IntN(dear + 1)}
		switch r.IntN(4 + compound) {
		case 0:
		case 1, 2, 3:
			e.needs = [][]reach.Label{{reach.Label(r.IntN(m.labels))}}
		default:
			for range 1 + r.IntN(3) {
				var any []reach.Label
				for range 1 + r.IntN(2) {
					any = append(any, reach.Label(r.IntN(m.labels)))
				}
				e.needs = append(e.needs, any)
			}
		}
		m.edges = append(m.edges, e)
	}
	for range r.IntN(4) {
		m.sources = append(m.sources, vertex())
	}
	for range r.IntN(3) {
		m.sinks = append(m.sinks, vertex())
	}
	return m
}

// eachRandom runs a test on many graphs. Half of them have one sink and several
// sources, where most is to be seen.
func eachRandom(t *testing.T, n int, test func(*rand.Rand, model)) {
	t.Helper()
	for seed := range kubetest.Rounds(uint64(n)) {
		r := rand.New(rand.NewPCG(seed, 1))
		m := random(r)
		if seed%2 == 0 {
			m.sinks = []reach.Vertex{0}
			for v := range reach.Vertex(m.vertices) {
				if v > 0 && r.IntN(2) == 0 {
					m.sources = append(m.sources, v)
				}
			}
		}
		test(r, m)
		if t.Failed() {
			t.Fatalf("seed %d: %+v", seed, m)
		}
	}
}

func (m model) build(t testing.TB) *reach.Graph {
	t.Helper()
	b := reach.NewBuilder(m.vertices, m.labels)
	for _, e := range m.edges {
		b.Add(e.from, e.to, e.cost, b.ByAll(e.needs...))
	}
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func (m model) towards(t testing.TB, without ...reach.Label) *reach.Distances {
	t.Helper()
	d, err := m.build(t).Towards(t.Context(), m.sinks, without...)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (e modelEdge) holds(gone []reach.Label) bool {
	return !slices.ContainsFunc(e.needs, func(any []reach.Label) bool {
		return !slices.ContainsFunc(any, func(l reach.Label) bool { return !slices.Contains(gone, l) })
	})
}

// without returns the model with some edges left out.
func (m model) without(gone []reach.Label) model {
	m.edges = slices.DeleteFunc(slices.Clone(m.edges), func(e modelEdge) bool { return !e.holds(gone) })
	return m
}

// costs returns the cost and length of the best way to a sink from each vertex,
// by Bellman and Ford; the cost is -1 if there is none.
func (m model) costs() (cost, hops []int) {
	cost, hops = slices.Repeat([]int{-1}, m.vertices), make([]int, m.vertices)
	for _, v := range m.sinks {
		cost[v] = 0
	}
	for range m.edges {
		for _, e := range m.edges {
			if cost[e.to] < 0 {
				continue
			}
			c, h := cost[e.to]+e.cost, hops[e.to]+1
			if cost[e.from] < 0 || c < cost[e.from] || c == cost[e.from] && h < hops[e.from] {
				cost[e.from], hops[e.from] = c, h
			}
		}
	}
	return cost, hops
}

// open returns the sources that reach a sink, once each.
func (m model) open(sources []reach.Vertex) []reach.Vertex {
	cost, _ := m.costs()
	var open []reach.Vertex
	for _, v := range sources {
		if cost[v] >= 0 && !slices.Contains(open, v) {
			open = append(open, v)
		}
	}
	return open
}

// reaches tells whether there is a way from one vertex to another.
func (m model) reaches(from, to reach.Vertex) bool {
	m.sinks = []reach.Vertex{to}
	return len(m.open([]reach.Vertex{from})) == 1
}

// paths returns every way from a vertex to its first sink that meets no vertex
// twice, as edges of the graph, best first.
func (m model) paths(g *reach.Graph, from reach.Vertex) []reach.Path {
	var (
		all  []reach.Path
		walk func(reach.Path, reach.Vertex, []reach.Vertex)
	)
	walk = func(p reach.Path, at reach.Vertex, seen []reach.Vertex) {
		if slices.Contains(m.sinks, at) {
			p.Steps = slices.Clone(p.Steps)
			all = append(all, p)
			return
		}
		for s := range g.From(at) {
			if !slices.Contains(seen, s.To) {
				walk(reach.Path{Start: p.Start, Steps: append(p.Steps, s), Cost: p.Cost + s.Cost}, s.To, append(seen, s.To))
			}
		}
	}
	walk(reach.Path{Start: from}, from, []reach.Vertex{from})
	slices.SortFunc(all, func(p, q reach.Path) int {
		return cmp.Or(cmp.Compare(p.Cost, q.Cost), cmp.Compare(len(p.Steps), len(q.Steps)),
			slices.CompareFunc(p.Steps, q.Steps, func(a, b reach.Step) int { return cmp.Compare(a.Edge, b.Edge) }))
	})
	return all
}

// subsets yields every set of the labels.
func (m model) subsets(yield func([]reach.Label) bool) {
	for bits := range 1 << m.labels {
		var set []reach.Label
		for l := range m.labels {
			if bits&(1<<l) != 0 {
				set = append(set, reach.Label(l))
			}
		}
		if !yield(set) {
			return
		}
	}
}

// someLabels returns a set of labels.
func (m model) someLabels(r *rand.Rand) []reach.Label {
	var set []reach.Label
	for l := range m.labels {
		if r.IntN(3) == 0 {
			set = append(set, reach.Label(l))
		}
	}
	return set
}
