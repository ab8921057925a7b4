package reach_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/access/reach"
)

func TestWhatIf(t *testing.T) {
	t.Parallel()
	eachRandom(t, 3000, func(r *rand.Rand, m model) {
		gone := m.someLabels(r)
		w := m.towards(t, gone...).WhatIf(m.sources)
		open := m.without(gone).open(m.sources)
		if w.Open() != len(open) {
			t.Errorf("open: got %d, want %v", w.Open(), open)
		}
		// One WhatIf answers all, so that notes left behind by one would show.
		for labels := range m.subsets {
			still := m.without(append(slices.Clone(gone), labels...)).open(m.sources)
			closed := slices.DeleteFunc(slices.Clone(open), func(v reach.Vertex) bool { return slices.Contains(still, v) })
			if got := w.Still(labels...); !slices.Equal(got, still) {
				t.Errorf("still without %v: got %v, want %v", labels, got, still)
			}
			if got := w.Closed(labels...); !slices.Equal(got, closed) {
				t.Errorf("closed without %v: got %v, want %v", labels, got, closed)
			}
			if got := w.Gain(labels...); got != len(closed) {
				t.Errorf("gain without %v: got %d, want %d", labels, got, len(closed))
			}
		}
	})
}

func TestGainsAreComplete(t *testing.T) {
	t.Parallel()
	eachRandom(t, 2000, func(r *rand.Rand, m model) {
		gone := m.someLabels(r)
		got, err := m.towards(t, gone...).WhatIf(m.sources).Gains(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var want []reach.Gain
		open := len(m.without(gone).open(m.sources))
		for n := open; n > 0; n-- {
			for l := range reach.Label(m.labels) {
				if open-len(m.without(append(slices.Clone(gone), l)).open(m.sources)) == n {
					want = append(want, reach.Gain{Label: l, Sources: n})
				}
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("without %v (-want +got):\n%s", gone, diff)
		}
	})
}

// TestRanking counts the uses of labels on all shortest cheapest paths.
func TestRanking(t *testing.T) {
	t.Parallel()
	eachRandom(t, 2000, func(_ *rand.Rand, m model) {
		g := m.build(t)
		want := make([]float64, m.labels)
		for _, v := range m.open(m.sources) {
			all := m.paths(g, v)
			best := slices.DeleteFunc(all, func(p reach.Path) bool {
				return p.Cost != all[0].Cost || len(p.Steps) != len(all[0].Steps)
			})
			for _, p := range best {
				for _, s := range p.Steps {
					for _, any := range g.Requirements(s.Support) {
						for _, l := range any {
							want[l] += 1 / float64(len(best)*len(any))
						}
					}
				}
			}
		}
		got, err := m.towards(t).Ranking(t.Context(), m.sources)
		if err != nil {
			t.Fatal(err)
		}
		sum, before := 0.0, math.Inf(1)
		for _, r := range got {
			if math.Abs(r.Sources-want[r.Label]) > 1e-9 || r.Sources > before {
				t.Errorf("got %+v after %g, want %g", r, before, want[r.Label])
			}
			sum, before = sum+r.Sources, r.Sources
		}
		for _, n := range want {
			sum -= n
		}
		if math.Abs(sum) > 1e-9 {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestDominators(t *testing.T) {
	t.Parallel()
	eachRandom(t, 3000, func(r *rand.Rand, m model) {
		gone := m.someLabels(r)
		dom, err := m.towards(t, gone...).Dominators(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		left := m.without(gone)
		want := make([]int32, m.vertices)
		for v := range reach.Vertex(m.vertices) {
			got := dom.Unavoidable(v)
			for u := range reach.Vertex(m.vertices) {
				around := left
				around.sinks = slices.DeleteFunc(slices.Clone(left.sinks), func(s reach.Vertex) bool { return s == u })
				around.edges = slices.DeleteFunc(slices.Clone(left.edges), func(e modelEdge) bool { return e.from == u || e.to == u })
				from := []reach.Vertex{v}
				needed := u != v && len(left.open(from)) == 1 && len(around.open(from)) == 0
				if needed != slices.Contains(got, u) {
					t.Errorf("from %d: %d unavoidable %t, got %v", v, u, needed, got)
				}
				if needed && slices.Contains(m.sources, v) {
					want[u]++
				}
			}
			for i, u := range got {
				if !slices.Equal(dom.Unavoidable(u), got[i+1:]) {
					t.Errorf("from %d: %v is not in the order of the way", v, got)
				}
			}
		}
		if got := dom.Counts(m.sources); !slices.Equal(got, want) {
			t.Errorf("counts: got %v, want %v", got, want)
		}
	})
}

func TestRadius(t *testing.T) {
	t.Parallel()
	eachRandom(t, 3000, func(r *rand.Rand, m model) {
		gone := m.someLabels(r)
		left := m.without(gone)
		radius, err := m.build(t).Radius(t.Context(), m.sinks, gone...)
		if err != nil {
			t.Fatal(err)
		}
		targets := slices.Clone(m.sinks)
		if len(targets) == 2 && targets[0] == targets[1] {
			targets = targets[:1]
		}
		for v := range reach.Vertex(m.vertices) {
			var want []reach.Vertex
			for _, target := range targets {
				if left.reaches(v, target) {
					want = append(want, target)
				}
			}
			if got := slices.Collect(radius.Targets(v)); !slices.Equal(got, want) || radius.Count(v) != len(want) {
				t.Errorf("from %d: got %v, want %v", v, got, want)
			}
		}
		exposure := radius.Exposure(m.sources)
		for i, target := range targets {
			one := left
			one.sinks = []reach.Vertex{target}
			if want := len(one.open(m.sources)); exposure[i] != want {
				t.Errorf("exposure of %d: got %d, want %d", target, exposure[i], want)
			}
		}
	})
}

// TestRadiusOfManyTargets goes beyond one word of a set.
func TestRadiusOfManyTargets(t *testing.T) {
	t.Parallel()
	const n = 1000
	b := reach.NewBuilder(n, 0)
	targets := make([]reach.Vertex, n)
	for v := range reach.Vertex(n) {
		targets[v] = v
		if v+1 < n {
			b.Add(v, v+1, 0, reach.Always)
		}
	}
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	radius, err := g.Radius(t.Context(), targets)
	if err != nil {
		t.Fatal(err)
	}
	for v := range reach.Vertex(n) {
		if got := radius.Count(v); got != n-int(v) {
			t.Errorf("from %d: got %d, want %d", v, got, n-int(v))
		}
	}
	if got := radius.Exposure(targets); got[0] != 1 || got[n-1] != n {
		t.Errorf("exposure: got %d and %d, want 1 and %d", got[0], got[n-1], n)
	}
}
