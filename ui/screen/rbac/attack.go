package rbac

import (
	"context"
	"fmt"
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/answer"
	"github.com/seaworthy-dev/seaworthy/audit/access/graph"
	"github.com/seaworthy-dev/seaworthy/audit/access/paths"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// attack is the ways to cluster-admin. There is another one only if the attack graph
// has changed, or what is not seen of it. It never changes.
type attack struct {
	of     *paths.Map
	ways   *paths.Ways
	starts []int32        // from where ways are worth telling
	plan   []paths.Change // that close the most
	open   int            // starts that reach the cluster
	limits []string
}

// measure keeps the newest attack.
type measure struct {
	work    *screen.Work
	newest  *attack // nil before the first
	cluster func() *kube.Cluster
	taken   func() // told of another one
}

func newMeasure(cluster func() *kube.Cluster, taken func()) *measure {
	m := &measure{cluster: cluster, taken: taken}
	m.work = screen.NewWork(m.prepare)
	return m
}

// prepare returns the job that measures the ways of the newest view.
func (m *measure) prepare() screen.Job {
	view, before := m.cluster(), m.newest
	return func(ctx context.Context) func() {
		if before != nil && !screen.Rest(ctx) {
			return nil
		}
		made := measured(ctx, view, before)
		if made == nil || made == before {
			return nil
		}
		return func() {
			m.newest = made
			m.taken()
		}
	}
}

// measured measures the ways of a view, or takes over what is the same; nil if the
// context ended.
func measured(ctx context.Context, view *kube.Cluster, before *attack) *attack {
	all := func(*access.Binding) bool { return true }
	made := &attack{of: paths.Of(view), limits: answer.LimitsOf(view, all).AlsoOf(view, graph.Resources()).Lines()}
	if before != nil && before.of == made.of {
		if slices.Equal(before.limits, made.limits) {
			return before
		}
		limits := made.limits
		*made = *before
		made.limits = limits
		return made
	}
	var err error
	if made.ways, err = made.of.Towards(ctx, []int32{made.of.Cluster()}); err != nil {
		return nil
	}
	made.starts = made.of.Starts()
	if made.plan, made.open, err = made.ways.Plan(ctx, view, made.starts, changesMost); err != nil {
		return nil
	}
	return made
}

// cost is the cell that says how easily a subject becomes cluster-admin: empty while
// that is not known.
func (a *attack) cost(s access.Subject) cell {
	if a == nil {
		return word("", muted)
	}
	v, ok := a.of.Subject(s)
	if !ok {
		return word("-", muted)
	}
	return costCell(a.ways.Cost(v))
}

// costCell says what the easiest way costs. A low cost is worse.
func costCell(cost int, reaches bool) cell {
	const easy = 2
	switch {
	case !reaches:
		return word("-", muted)
	case cost <= easy:
		return cell{text: fmt.Sprintf("cost %d", cost), value: float64(cost), tone: bad}
	}
	return cell{text: fmt.Sprintf("cost %d", cost), value: float64(cost), tone: warning}
}

// costColumn is the column of [attack.cost]: what is easiest first.
func costColumn() column {
	c := number("cost", "TO ADMIN", 9, 9)
	c.Falling = false
	return c
}

// told words the easiest way from a vertex, false if there is none.
func (a *attack) told(v int32) (screen.Told, bool) {
	way, ok := a.ways.Best(v)
	if !ok {
		return screen.Told{}, false
	}
	return screen.Tell(a.of, way), true
}
