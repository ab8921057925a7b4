package reach_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/access/reach"
)

func TestDistances(t *testing.T) {
	t.Parallel()
	eachRandom(t, 3000, func(r *rand.Rand, m model) {
		gone := m.someLabels(r)
		d := m.towards(t, gone...)
		left := m.without(gone)
		cost, hops := left.costs()
		for v := range reach.Vertex(m.vertices) {
			got, ok := d.Cost(v)
			if ok != (cost[v] >= 0) || got != max(cost[v], 0) || d.Reaches(v) != ok {
				t.Errorf("cost of %d: got %d %t, want %d", v, got, ok, cost[v])
			}
			p, ok := d.Path(v)
			if ok != (cost[v] >= 0) || ok && (p.Cost != cost[v] || len(p.Steps) != hops[v]) {
				t.Errorf("path of %d: got %+v %t, want cost %d and %d steps", v, p, ok, cost[v], hops[v])
			}
		}
		if got, want := d.Count(m.sources), len(left.open(m.sources)); got != want {
			t.Errorf("sources: got %d, want %d", got, want)
		}
	})
}

func TestPathsAreTheBestOfAll(t *testing.T) {
	t.Parallel()
	eachRandom(t, 3000, func(r *rand.Rand, m model) {
		g := m.build(t)
		d := m.towards(t)
		k := 1 + r.IntN(6)
		for v := range reach.Vertex(m.vertices) {
			all := m.paths(g, v)
			got, err := d.Paths(t.Context(), v, k)
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != min(k, len(all)) {
				t.Fatalf("from %d: got %d paths, want %d of %d", v, len(got), k, len(all))
			}
			for i, p := range got {
				if p.Cost != all[i].Cost || len(p.Steps) != len(all[i].Steps) {
					t.Errorf("path %d from %d: got %+v, want one as long as %+v", i, v, p, all[i])
				}
				if !slices.ContainsFunc(all, func(q reach.Path) bool { return cmp.Equal(p, q) }) {
					t.Errorf("path %d from %d is none: %+v", i, v, p)
				}
				if slices.ContainsFunc(got[:i], func(q reach.Path) bool { return cmp.Equal(p, q) }) {
					t.Errorf("path %d from %d is there already: %+v", i, v, p)
				}
			}
			if len(all) > 0 && !cmp.Equal(got[0], all[0]) {
				t.Errorf("from %d: the first is %+v, want %+v", v, got[0], all[0])
			}
		}
	})
}

func TestAlternatesShareNoLabel(t *testing.T) {
	t.Parallel()
	eachRandom(t, 2000, func(r *rand.Rand, m model) {
		g := m.build(t)
		gone := m.someLabels(r)
		for v := range reach.Vertex(m.vertices) {
			got, err := m.towards(t, gone...).Alternates(t.Context(), v, 3)
			if err != nil {
				t.Fatal(err)
			}
			var (
				want  []reach.Path
				taken = slices.Clone(gone)
			)
			for len(want) < 3 {
				all := m.paths(g, v)
				at := slices.IndexFunc(all, func(p reach.Path) bool {
					return !slices.ContainsFunc(p.Steps, func(s reach.Step) bool {
						return !modelEdge{needs: g.Requirements(s.Support)}.holds(taken)
					})
				})
				if at < 0 {
					break
				}
				want = append(want, all[at])
				var labels []reach.Label
				for _, s := range all[at].Steps {
					for _, any := range g.Requirements(s.Support) {
						labels = append(labels, any...)
					}
				}
				if len(labels) == 0 {
					break
				}
				taken = append(taken, labels...)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("from %d (-want +got):\n%s", v, diff)
			}
		}
	})
}

func TestNothingToReach(t *testing.T) {
	t.Parallel()
	b := reach.NewBuilder(3, 1)
	b.Add(0, 1, 1, b.By(0))
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	all := []reach.Vertex{0, 1, 2}
	for name, test := range map[string]struct{ sinks, permanent []reach.Vertex }{
		"no sinks":      {nil, nil},
		"unknown sinks": {[]reach.Vertex{-1, 3}, nil},
		"lonely sink":   {[]reach.Vertex{2}, []reach.Vertex{2}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, err := g.Towards(t.Context(), test.sinks)
			if err != nil {
				t.Fatal(err)
			}
			if p, ok := d.Path(0); ok || d.Reaches(0) {
				t.Errorf("got the path %+v", p)
			}
			want := reach.Cut{Permanent: test.permanent}
			if got, err := d.MinCut(t.Context(), all, nil); err != nil || !cmp.Equal(got, want) {
				t.Errorf("got the cut %+v %v", got, err)
			}
			if got, err := d.Greedy(t.Context(), all, 3, nil); err != nil || got.Closed != 0 || len(got.Steps) != 0 {
				t.Errorf("got the plan %+v %v", got, err)
			}
			if got, err := d.Alternates(t.Context(), 0, 3); err != nil || got != nil {
				t.Errorf("got the alternates %+v %v", got, err)
			}
			if got := d.WhatIf(all).Closed(0, -1, 7); got != nil {
				t.Errorf("closed %v", got)
			}
		})
	}
}

func TestEmptyGraph(t *testing.T) {
	t.Parallel()
	g, err := reach.NewBuilder(0, 0).Build()
	if err != nil {
		t.Fatal(err)
	}
	if g.Vertices() != 0 || g.Edges() != 0 || g.Labels() != 0 {
		t.Errorf("got %d vertices, %d edges, %d labels", g.Vertices(), g.Edges(), g.Labels())
	}
	r, err := g.Radius(t.Context(), []reach.Vertex{0})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Exposure([]reach.Vertex{0}); len(got) != 0 {
		t.Errorf("exposure: got %v", got)
	}
}

// TestGivesUp asks everything of a large graph for a screen that is gone.
func TestGivesUp(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 2000)
	d, err := f.graph.Towards(t.Context(), f.sinks)
	if err != nil {
		t.Fatal(err)
	}
	start := f.exposed[slices.IndexFunc(f.exposed, d.Reaches)]
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for name, ask := range map[string]func() error{
		"distances":  func() error { _, err := f.graph.Towards(gone, f.sinks); return err },
		"paths":      func() error { _, err := d.Alternates(gone, start, 3); return err },
		"gains":      func() error { _, err := d.WhatIf(f.exposed).Gains(gone); return err },
		"ranking":    func() error { _, err := d.Ranking(gone, f.exposed); return err },
		"greedy":     func() error { _, err := d.Greedy(gone, f.exposed, 5, nil); return err },
		"order":      func() error { _, err := d.WhatIf(f.exposed).Order(gone, 1, 2); return err },
		"cut":        func() error { _, err := d.MinCut(gone, f.exposed, nil); return err },
		"dominators": func() error { _, err := d.Dominators(gone); return err },
		"radius":     func() error { _, err := f.graph.Radius(gone, f.namespaces); return err },
	} {
		if err := ask(); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v, want context.Canceled", name, err)
		}
	}
}
