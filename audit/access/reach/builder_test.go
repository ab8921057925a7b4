package reach_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/access/reach"
)

// told is a graph as its methods tell it.
type told struct {
	Edges []reach.Step
	Needs map[reach.Support][][]reach.Label
}

func tell(g *reach.Graph) told {
	t := told{Needs: map[reach.Support][][]reach.Label{}}
	for v := range reach.Vertex(g.Vertices()) {
		for s := range g.From(v) {
			t.Edges = append(t.Edges, s)
			t.Needs[s.Support] = g.Requirements(s.Support)
		}
	}
	return t
}

func TestOrderAndRepetitionMakeNoDifference(t *testing.T) {
	t.Parallel()
	eachRandom(t, 500, func(r *rand.Rand, m model) {
		want := tell(m.build(t))
		again := m
		again.edges = append(slices.Clone(m.edges), m.edges...)
		r.Shuffle(len(again.edges), func(i, j int) {
			again.edges[i], again.edges[j] = again.edges[j], again.edges[i]
		})
		for i := range again.edges {
			e := &again.edges[i]
			e.needs = append(slices.Clone(e.needs), e.needs...)
			r.Shuffle(len(e.needs), func(i, j int) { e.needs[i], e.needs[j] = e.needs[j], e.needs[i] })
		}
		if diff := cmp.Diff(want, tell(again.build(t))); diff != "" {
			t.Errorf("the same edges in another order (-once +again):\n%s", diff)
		}
	})
}

func TestGraphHasWhatItWasTold(t *testing.T) {
	t.Parallel()
	eachRandom(t, 500, func(_ *rand.Rand, m model) {
		g := m.build(t)
		into := 0
		for v := range reach.Vertex(m.vertices) {
			for s := range g.Into(v) {
				into++
				if s.To != v || g.Step(s.Edge) != s {
					t.Errorf("into %d: got %+v", v, s)
				}
			}
		}
		if into != g.Edges() || len(tell(g).Edges) != g.Edges() {
			t.Errorf("got %d edges in, %d out, want %d", into, len(tell(g).Edges), g.Edges())
		}
		for _, e := range m.edges {
			found := false
			for s := range g.From(e.from) {
				same := s.To == e.to && s.Cost <= e.cost
				m.subsets(func(gone []reach.Label) bool {
					same = same && modelEdge{needs: g.Requirements(s.Support)}.holds(gone) == e.holds(gone)
					return same
				})
				found = found || same
			}
			if found == (e.from == e.to) {
				t.Errorf("edge %+v: found %t", e, found)
			}
		}
	})
}

func TestBuilderRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		build func() *reach.Builder
		want  string
	}{
		"vertex": {func() *reach.Builder {
			b := reach.NewBuilder(2, 1)
			b.Add(0, 2, 0, reach.Always)
			return b
		}, "edge from 0 to 2: a vertex is not one of 2"},
		"cost": {func() *reach.Builder {
			b := reach.NewBuilder(2, 1)
			b.Add(0, 1, 5, reach.Always)
			return b
		}, "cost 5 is not 0 to 4"},
		"support": {func() *reach.Builder {
			b := reach.NewBuilder(2, 1)
			b.Add(0, 1, 0, 7)
			return b
		}, "support 7 is unknown"},
		"label": {func() *reach.Builder {
			b := reach.NewBuilder(2, 1)
			b.By(1)
			return b
		}, "label 1 of a support is not one of 1"},
		"label of many": {func() *reach.Builder {
			b := reach.NewBuilder(2, 1)
			b.ByAll([]reach.Label{0, -1})
			return b
		}, "label -1 of a support is not one of 1"},
		"empty requirement": {func() *reach.Builder {
			b := reach.NewBuilder(2, 1)
			b.ByAll([]reach.Label{0}, nil)
			return b
		}, "a requirement has no label"},
		"size":      {func() *reach.Builder { return reach.NewBuilder(-1, 0) }, "out of range"},
		"too large": {func() *reach.Builder { return reach.NewBuilder(1, math.MaxInt32) }, "out of range"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := test.build().Build()
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// FuzzBuilder reads instructions from bytes, most of them wrong. A graph that is
// built must be whole, and survive every question.
func FuzzBuilder(f *testing.F) {
	f.Add([]byte{4, 3, 0, 1, 2, 0, 1, 1, 2, 3, 1, 2})
	f.Add([]byte{0, 0})
	f.Add([]byte{255, 255, 255, 255, 255, 255, 255})
	f.Fuzz(func(t *testing.T, data []byte) {
		next := func() int {
			if len(data) == 0 {
				return 0
			}
			n := int(int8(data[0]))
			data = data[1:]
			return n
		}
		vertices, labels := next(), next()
		b := reach.NewBuilder(vertices, labels)
		for len(data) >= 5 {
			var support reach.Support
			n := next()
			switch n % 3 {
			case 0:
				support = reach.Support(next())
			case 1:
				support = b.By(reach.Label(next()))
			default:
				support = b.ByAll([]reach.Label{reach.Label(next())}, []reach.Label{reach.Label(next()), reach.Label(n)})
			}
			b.Add(reach.Vertex(next()), reach.Vertex(next()), next(), support)
		}
		g, err := b.Build()
		if err != nil {
			return
		}
		if g.Vertices() != vertices || g.Labels() != labels {
			t.Fatalf("got %d vertices and %d labels, want %d and %d", g.Vertices(), g.Labels(), vertices, labels)
		}
		if vertices == 0 {
			return
		}
		sink, all := reach.Vertex(vertices-1), []reach.Vertex(nil)
		for v := range reach.Vertex(vertices) {
			all = append(all, v)
		}
		d, err := g.Towards(t.Context(), []reach.Vertex{sink})
		if err != nil {
			t.Fatal(err)
		}
		cut, err := d.MinCut(t.Context(), all, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.WhatIf(all).Gain(cut.Labels...); got != cut.Closed || cut.Closed+len(cut.Permanent) != d.Count(all) {
			t.Errorf("the cut %+v closes %d of %d", cut, got, d.Count(all))
		}
	})
}
