package paths

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit/access/graph"
	"github.com/seaworthy-dev/seaworthy/audit/access/reach"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Change is something to take away. Closed is how many starts it cuts off together
// with those before it: where two help only together, the first adds nothing.
type Change struct {
	Evidence graph.Evidence
	Effort   Effort
	Closed   int
}

// LabelsOf returns the labels of what a binding grants, and of the binding itself,
// sorted: without them the graph is that of a view without the binding. It is nil
// where the binding leads nowhere.
func (m *Map) LabelsOf(binding kube.Ref) []int32 {
	var labels []int32
	for l := range int32(m.Labels()) { //nolint:gosec // labels are numbered by int32
		if e := m.Evidence(l); e.Object == binding {
			labels = append(labels, l)
		}
	}
	return labels
}

// Plan returns at most as many changes as asked for that cut off many of some
// starts, and how many of them reach a target now. It is good and not proved to be
// the best ([reach.Distances.Greedy]). The view is that of the map, which knows what
// can be changed. The error is that of the context.
func (w *Ways) Plan(ctx context.Context, view *kube.Cluster, starts []int32, most int) (changes []Change, open int, err error) {
	price := w.prices(view)
	plan, err := w.far.Greedy(ctx, vertices(starts), most, price.of)
	if err != nil {
		return nil, 0, fmt.Errorf("looking for choke points: %w", err)
	}
	return w.changes(plan, price), plan.Open, nil
}

// Cut is the cheapest set of changes that was found to close every start that can be
// closed.
type Cut struct {
	// Changes are in the order in which they help most, and if they are very many the
	// cheapest come first; none can be left out.
	Changes []Change
	// Cost is the sum of the costs of their efforts. Nothing that costs less than
	// Bound closes as much: if they are equal, the cut is proved to be the cheapest.
	Cost, Bound int
	// Closed is how many starts it closes.
	Closed int
	// Open are the starts that stay open whatever is taken away of what can be.
	Open []int32
}

// Proved reports whether it is proved that nothing cheaper closes as much.
func (c Cut) Proved() bool { return c.Cost == c.Bound }

// Cut looks for the cheapest changes after which no start reaches a target
// ([reach.Distances.MinCut]): it tries for a bounded time to prove what it has found,
// and the same each time. The error is that of the context.
func (w *Ways) Cut(ctx context.Context, view *kube.Cluster, starts []int32) (Cut, error) {
	price := w.prices(view)
	found, err := w.far.MinCut(ctx, vertices(starts), price.of)
	if err != nil {
		return Cut{}, fmt.Errorf("looking for the cheapest changes: %w", err)
	}
	plan, err := w.order(ctx, vertices(starts), found.Labels, price)
	if err != nil {
		return Cut{}, fmt.Errorf("looking for the cheapest changes: %w", err)
	}
	cut := Cut{Changes: w.changes(plan, price), Cost: found.Cost, Bound: found.Bound, Closed: found.Closed}
	for _, v := range found.Permanent {
		cut.Open = append(cut.Open, int32(v))
	}
	return cut, nil
}

// mostOrdered is how many changes are put in order by trying each after each.
const mostOrdered = 50

// order puts the changes of a cut in order, and tells what each closes together with
// those before it.
func (w *Ways) order(ctx context.Context, starts []reach.Vertex, labels []reach.Label, price *prices) (reach.Plan, error) {
	trial := w.far.WhatIf(starts)
	if len(labels) <= mostOrdered {
		return trial.Order(ctx, labels...)
	}
	sorted := slices.Clone(labels)
	slices.SortStableFunc(sorted, func(a, b reach.Label) int { return cmp.Compare(price.of(a), price.of(b)) })
	plan := reach.Plan{Open: trial.Open()}
	for i, l := range sorted {
		if err := ctx.Err(); err != nil {
			return reach.Plan{}, err
		}
		plan.Closed = trial.Gain(sorted[:i+1]...)
		plan.Steps = append(plan.Steps, reach.PlanStep{Label: l, Closed: plan.Closed})
	}
	return plan, nil
}

func (w *Ways) changes(plan reach.Plan, price *prices) []Change {
	var changes []Change
	for _, s := range plan.Steps {
		changes = append(changes, Change{w.of.Evidence(int32(s.Label)), price.effort(s.Label), s.Closed})
	}
	return changes
}

// prices are the efforts of a graph's labels, each looked up once.
type prices struct {
	known *pricing
	graph *graph.Graph
	costs []int // -1 where it is not known yet
}

func (w *Ways) prices(view *kube.Cluster) *prices {
	p := &prices{newPricing(view), w.of.Graph, make([]int, w.of.Labels())}
	for l := range p.costs {
		p.costs[l] = -1
	}
	return p
}

func (p *prices) effort(l reach.Label) Effort { return p.known.of(p.graph.Evidence(int32(l))) }

func (p *prices) of(l reach.Label) int {
	if p.costs[l] < 0 {
		p.costs[l] = p.effort(l).Cost
	}
	return p.costs[l]
}
