package reach_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/access/reach"
)

// TestGreedyKeepsItsWord tries every step of a plan.
func TestGreedyKeepsItsWord(t *testing.T) {
	t.Parallel()
	eachRandom(t, 2000, func(r *rand.Rand, m model) {
		price := somePrices(r, m.labels)
		open := m.open(m.sources)
		limit := 1 + r.IntN(6)
		p, err := m.towards(t).Greedy(t.Context(), m.sources, limit, price)
		if err != nil {
			t.Fatal(err)
		}
		var gone []reach.Label
		for _, s := range p.Steps {
			gone = append(gone, s.Label)
			if got := m.closes(open, gone); got != s.Closed || price(s.Label) <= 0 {
				t.Errorf("step %+v closes %d", s, got)
			}
		}
		if len(gone) > limit || p.Open != len(open) || p.Closed != m.closes(open, gone) {
			t.Errorf("got %+v, limit %d", p, limit)
		}
		for i := range gone {
			if m.closes(open, slices.Delete(slices.Clone(gone), i, i+1)) == p.Closed {
				t.Errorf("%+v does not need step %d", p, i)
			}
		}
	})
}

// TestGreedyFindsTheBestChange compares plans of one change with the best there
// is, and plans without a limit with all there is.
func TestGreedyFindsTheBestChange(t *testing.T) {
	t.Parallel()
	eachRandom(t, 2000, func(r *rand.Rand, m model) {
		d := m.towards(t)
		price := somePrices(r, m.labels)
		open := m.open(m.sources)
		best := 0
		for _, l := range m.removable(price) {
			best = max(best, m.closes(open, []reach.Label{l}))
		}
		one, err := d.Greedy(t.Context(), m.sources, 1, price)
		if err != nil {
			t.Fatal(err)
		}
		if one.Closed != best {
			t.Errorf("one step: got %+v, want %d closed", one, best)
		}
		all, err := d.Greedy(t.Context(), m.sources, m.labels, price)
		if err != nil {
			t.Fatal(err)
		}
		if want := m.closes(open, m.removable(price)); all.Closed != want {
			t.Errorf("without a limit: got %+v, want %d closed", all, want)
		}
	})
}

// TestGreedyPrefersACut has a change that closes more than any other and is of no
// use: two others close everything. Where that many may be made, they are the plan.
func TestGreedyPrefersACut(t *testing.T) {
	t.Parallel()
	const most, left, right = 0, 1, 2
	m := model{vertices: 7, labels: 3, sinks: []reach.Vertex{0}, sources: []reach.Vertex{1, 2, 3, 4, 5, 6}}
	for source, needs := range map[reach.Vertex][]reach.Label{1: {most, left}, 2: {most, left}, 3: {most, right}, 4: {most, right}, 5: {left}, 6: {right}} {
		e := modelEdge{from: source, to: 0}
		for _, l := range needs {
			e.needs = append(e.needs, []reach.Label{l})
		}
		m.edges = append(m.edges, e)
	}
	for limit, want := range map[int]reach.Plan{
		1: {Steps: []reach.PlanStep{{Label: most, Closed: 4}}, Open: 6, Closed: 4},
		2: {Steps: []reach.PlanStep{{Label: left, Closed: 3}, {Label: right, Closed: 6}}, Open: 6, Closed: 6},
		3: {Steps: []reach.PlanStep{{Label: left, Closed: 3}, {Label: right, Closed: 6}}, Open: 6, Closed: 6},
	} {
		got, err := m.towards(t).Greedy(t.Context(), m.sources, limit, nil)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("limit %d (-want +got):\n%s", limit, diff)
		}
	}
}

func (m model) closes(open []reach.Vertex, gone []reach.Label) int {
	return len(open) - len(m.without(gone).open(open))
}

func (m model) removable(price reach.Price) []reach.Label {
	var labels []reach.Label
	for l := range reach.Label(m.labels) {
		if price(l) > 0 {
			labels = append(labels, l)
		}
	}
	return labels
}

// somePrices returns prices of which some say that a label cannot be removed.
func somePrices(r *rand.Rand, labels int) reach.Price {
	prices := make([]int, labels)
	for l := range prices {
		prices[l] = r.IntN(6)
	}
	return func(l reach.Label) int { return prices[l] }
}
