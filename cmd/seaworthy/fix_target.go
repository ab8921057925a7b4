package main

import (
	"fmt"
	"math"

	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
)

// goal is the score that is to be reached.
func (o *fixOptions) goal() plan.Goal {
	g := plan.Goal{Score: o.score, Sparing: o.sparing}
	if len(o.target.flags.Namespaces) == 1 {
		g.Namespace = o.target.flags.Namespaces[0]
	}
	return g
}

// reachable says what is wrong with the score that is to be reached.
func (o *fixOptions) reachable() error {
	switch {
	case o.score < 0 || o.score > 100:
		return usagef("reading --target %v: it is not between 1 and 100", o.score)
	case o.sparing && o.score == 0:
		return usagef("--sparing says how a score is reached: --target names it")
	case o.score > 0 && len(o.target.flags.Namespaces) > 1:
		return usagef("--target is about one namespace, or without -n the cluster")
	}
	return nil
}

// summarizeWay tells of the steps to a score.
func (p *planned) summarizeWay(m summary) {
	w := p.way
	if w == nil {
		return
	}
	whose := "the cluster's score"
	if w.Goal.Namespace != "" {
		whose = "the score of " + w.Goal.Namespace
	}
	m.list(len(w.Steps), func(i int) string {
		step := w.Steps[i]
		text := fmt.Sprintf("%3d. %+.2f to %.2f: %s", i+1, step.Gain, step.Score, nameOf(step.Findings[0]))
		if step.Restarts > 0 {
			text += ", " + plural(step.Restarts, "pod is made again", "pods are made again")
		}
		return text
	})
	switch {
	case w.Start >= w.Goal.Score:
		m.line("%s is %.1f already", whose, w.Start)
	case w.Reached:
		m.line("%s goes from %.1f to %.1f by %s", whose, w.Start, w.End, plural(len(w.Steps), "step", "steps"))
	case w.Bounded:
		m.line("%s goes from %.1f to %.1f by the first %s: more are needed for %.1f", whose, w.Start, w.End, plural(len(w.Steps), "step", "steps"), w.Goal.Score)
	default:
		m.line("%s cannot be brought to %.1f by these fixes: it goes from %.1f to %.1f by %s",
			whose, w.Goal.Score, w.Start, w.End, plural(len(w.Steps), "step", "steps"))
	}
	if !w.Reached && w.Capped != 0 {
		m.line("an open finding that is %s holds it down, and no fix of these clears it", w.Capped)
	}
}

// wayRow is the way to a score as -o json has it.
type wayRow struct {
	Namespace string    `json:"namespace"` // whose score, "" for the cluster's
	Target    float64   `json:"target"`
	Reached   bool      `json:"reached"`
	Before    float64   `json:"before"`
	After     float64   `json:"after"`
	Steps     []stepRow `json:"steps"` // in their order
}

type stepRow struct {
	Findings []string `json:"findings"` // IDs of what it clears
	Gain     float64  `json:"gain"`     // in thousandths, as the score after it
	Score    float64  `json:"score"`
	Restarts int      `json:"restartedPods"`
}

// wayRowOf returns nil for no way.
func wayRowOf(w *plan.Way) *wayRow {
	if w == nil {
		return nil
	}
	row := &wayRow{w.Goal.Namespace, w.Goal.Score, w.Reached, w.Start, w.End, []stepRow{}}
	thousandths := func(x float64) float64 { return math.Round(1000*x) / 1000 }
	for _, s := range w.Steps {
		row.Steps = append(row.Steps, stepRow{idsOf(s.Findings), thousandths(s.Gain), thousandths(s.Score), s.Restarts})
	}
	return row
}
