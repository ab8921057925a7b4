package reach_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/access/reach"
)

// cheapest returns the least price of labels that close what can be closed, and
// how many sources that is.
func (m model) cheapest(price reach.Price) (cost, closed int) {
	open := m.open(m.sources)
	removable := m.removable(price)
	closed = m.closes(open, removable)
	cost = -1
	for labels := range m.subsets {
		sum := 0
		for _, l := range labels {
			if sum += price(l); price(l) <= 0 {
				sum = -1
				break
			}
		}
		if sum >= 0 && (cost < 0 || sum < cost) && m.closes(open, labels) == closed {
			cost = sum
		}
	}
	return cost, closed
}

// checkCut tells what is wrong with a cut, whether or not it says it is minimal.
func checkCut(t *testing.T, m model, c reach.Cut, price reach.Price) {
	t.Helper()
	cost, closed := m.cheapest(price)
	sum := 0
	for i, l := range c.Labels {
		sum += price(l)
		if price(l) <= 0 || i > 0 && l <= c.Labels[i-1] {
			t.Errorf("label %d of %+v", l, c)
		}
	}
	if sum != c.Cost || c.Bound > cost || c.Cost < cost || c.Closed != closed {
		t.Errorf("got %+v, want cost %d and %d closed", c, cost, closed)
	}
	if c.Minimal() && c.Cost != cost {
		t.Errorf("%+v says it is minimal, and %d is", c, cost)
	}
	open := m.open(m.sources)
	if got := m.closes(open, c.Labels); got != closed {
		t.Errorf("%+v closes %d, want %d", c, got, closed)
	}
	if want := m.without(m.removable(price)).open(open); !slices.Equal(c.Permanent, want) {
		t.Errorf("permanent: got %v, want %v", c.Permanent, want)
	}
}

func TestMinCut(t *testing.T) {
	t.Parallel()
	graphs, minimal := 0, 0
	eachRandom(t, 6000, func(r *rand.Rand, m model) {
		graphs++
		price := somePrices(r, m.labels)
		c, err := m.towards(t).MinCut(t.Context(), m.sources, price)
		if err != nil {
			t.Fatal(err)
		}
		checkCut(t, m, c, price)
		if c.Minimal() {
			minimal++
		}
	})
	if minimal != graphs {
		t.Errorf("%d of %d cuts are proved minimal, want all of graphs so small", minimal, graphs)
	}
}

// TestMinCutOfGrants has only what a binding makes: all its subjects get all that
// it grants. Then the flow alone proves the cut, whatever its size.
func TestMinCutOfGrants(t *testing.T) {
	t.Parallel()
	eachRandom(t, 1500, func(r *rand.Rand, m model) {
		m.edges = slices.DeleteFunc(m.edges, func(e modelEdge) bool { return len(e.needs) > 0 })
		some := func() []reach.Vertex {
			var list []reach.Vertex
			for v := range reach.Vertex(m.vertices) {
				if r.IntN(3) == 0 {
					list = append(list, v)
				}
			}
			return list
		}
		for l := range reach.Label(m.labels) {
			subjects, granted := some(), some()
			for _, s := range subjects {
				for _, v := range granted {
					m.edges = append(m.edges, modelEdge{from: s, to: v, needs: [][]reach.Label{{l}}})
				}
			}
		}
		price := somePrices(r, m.labels)
		c, err := m.towards(t).MinCut(t.Context(), m.sources, price)
		if err != nil {
			t.Fatal(err)
		}
		checkCut(t, m, c, price)
		if !c.Minimal() {
			t.Errorf("not proved: %+v", c)
		}
	})
}

func TestMinCutIsNilPriceAware(t *testing.T) {
	t.Parallel()
	eachRandom(t, 500, func(_ *rand.Rand, m model) {
		c, err := m.towards(t).MinCut(t.Context(), m.sources, nil)
		if err != nil {
			t.Fatal(err)
		}
		checkCut(t, m, c, func(reach.Label) int { return 1 })
	})
}

// TestMinCutOfTangles has graphs in which every edge has requirements that others
// share, so that the flow alone proves little.
func TestMinCutOfTangles(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 3))
		m := model{vertices: 14, labels: 10, sinks: []reach.Vertex{0}, sources: []reach.Vertex{9, 10, 11, 12, 13}}
		for range 45 {
			e := modelEdge{from: reach.Vertex(r.IntN(m.vertices)), to: reach.Vertex(r.IntN(m.vertices))}
			for range 1 + r.IntN(2) {
				any := []reach.Label{reach.Label(r.IntN(m.labels))}
				if r.IntN(4) == 0 {
					any = append(any, reach.Label(r.IntN(m.labels)))
				}
				e.needs = append(e.needs, any)
			}
			m.edges = append(m.edges, e)
		}
		price := somePrices(r, m.labels)
		c, err := m.towards(t).MinCut(t.Context(), m.sources, price)
		if err != nil {
			t.Fatal(err)
		}
		checkCut(t, m, c, price)
		if !c.Minimal() {
			t.Errorf("seed %d: not proved: %+v", seed, c)
		}
	}
}

// TestSameEachTime asks the same of the same cluster twice, where maps, heaps and
// rounding would show.
func TestSameEachTime(t *testing.T) {
	t.Parallel()
	type answers struct {
		Plan  reach.Plan
		Cut   reach.Cut
		Gains []reach.Gain
		Ranks []reach.Rank
		Paths [][]reach.Path
	}
	ask := func() (a answers) {
		f := newFleet(t, 3000)
		d, err := f.graph.Towards(t.Context(), f.sinks)
		if err != nil {
			t.Fatal(err)
		}
		var errs [5]error
		a.Plan, errs[0] = d.Greedy(t.Context(), f.exposed, 4, nil)
		a.Cut, errs[1] = d.MinCut(t.Context(), f.exposed, func(l reach.Label) int { return int(l)%5 + 1 })
		a.Gains, errs[2] = d.WhatIf(f.accounts).Gains(t.Context())
		a.Ranks, errs[3] = d.Ranking(t.Context(), f.accounts)
		for _, v := range f.exposed[:20] {
			var p []reach.Path
			if p, errs[4] = d.Paths(t.Context(), v, 5); len(p) > 0 {
				a.Paths = append(a.Paths, p)
			}
		}
		if err := errors.Join(errs[:]...); err != nil {
			t.Fatal(err)
		}
		return a
	}
	first := ask()
	if len(first.Plan.Steps) == 0 || len(first.Cut.Labels) == 0 || len(first.Gains) == 0 || len(first.Paths) == 0 {
		t.Fatalf("nothing to compare: %+v", first)
	}
	if diff := cmp.Diff(first, ask()); diff != "" {
		t.Errorf("asked again (-first +again):\n%s", diff)
	}
}
