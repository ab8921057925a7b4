package rbac

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/seaworthy-dev/seaworthy/audit/access/answer"
	"github.com/seaworthy-dev/seaworthy/audit/access/graph"
	"github.com/seaworthy-dev/seaworthy/audit/access/paths"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

func escalationColumns() []column {
	cost, steps := number("cost", "COST", 4, 10), number("steps", "STEPS", 5, 8)
	cost.Falling, steps.Falling = false, false
	sure := text("sure", "SURE", 11, 11, 11, 7)
	sure.field.Scale = []string{graph.Inferred.String(), graph.Conditional.String(), graph.Proven.String()}
	sure.Falling = true
	return []column{
		cost, steps, sure,
		text("start", "FROM", 20, 36, 60, 9),
		text("first", "FIRST STEP", 20, 40, widget.Unlimited, 6),
	}
}

// changesMost is how many choke points are looked for.
const changesMost = 5

// escalation lists the starts from which cluster-admin is reached, easiest first,
// and the few changes that close the most.
func escalation(ctx context.Context, in inputs) *sheet {
	a := in.attack
	made := &sheet{in: in, title: "Reach cluster-admin", notes: a.limits}
	made.empty = fmt.Sprintf("none of %d starts reaches cluster-admin by a way that is known", len(a.starts))
	keys := unique{}
	for _, v := range a.ways.Easiest(a.starts) {
		if ctx.Err() != nil {
			return nil
		}
		made.rows = append(made.rows, a.start(v, keys))
	}
	made.facts = screen.Changes(a.plan, a.open)
	switch {
	case len(a.plan) > 0:
		made.aside = fmt.Sprintf("%s %d of %d", closes(len(a.plan)), a.plan[len(a.plan)-1].Closed, a.open)
	case a.open > 0:
		made.aside, made.facts = "What would close them", []string{"No grant and no field by itself: the ways follow from how Kubernetes works."}
	}
	return made
}

func closes(n int) string {
	if n == 1 {
		return "This change closes"
	}
	return fmt.Sprintf("These %d changes close", n)
}

// start is the row of a vertex that reaches cluster-admin.
func (a *attack) start(v int32, keys unique) row {
	way, _ := a.ways.Best(v)
	vertex := a.of.Vertex(v)
	name := nameOf(vertex)
	first := "it is already there"
	if i := slices.IndexFunc(way.Hops, func(h paths.Hop) bool { return !h.Family.Structural() }); i >= 0 {
		first = way.Hops[i].Family.Title + " (" + way.Hops[i].Evidence.String() + ")"
	}
	sure := way.Confidence()
	cost := costCell(way.Cost, true)
	cost.text = strconv.Itoa(way.Cost)
	to := startAddress(vertex)
	return row{
		key: keys.of(name), open: to, paths: to, about: about{start: v, begins: true},
		cells: []cell{
			cost, counted(screen.Steps(way), plain),
			{text: sure.String(), value: float64(graph.Inferred - sure), tone: muted},
			word(printable.Text(name), plain), word(printable.Text(first), muted),
		},
	}
}

// nameOf is what a start is called in a column.
func nameOf(v graph.Vertex) string {
	if s, ok := v.Subject(); ok {
		return answer.Subject(s)
	}
	return v.String()
}

// startAddress is the address of the paths from a vertex.
func startAddress(v graph.Vertex) nav.Address {
	if s, ok := v.Subject(); ok {
		return screen.PathsFrom(s)
	}
	return screen.PathsFromEntry(v.String())
}
