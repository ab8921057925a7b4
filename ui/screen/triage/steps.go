package triage

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/audit/triage/briefing"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// step is something to do about an incident: a command to copy, a finding or an object
// to open. One of the three is set.
type step struct {
	command int    // its place among those of the likeliest cause, -1 for none
	text    string // of the command
	tags    string
	about   string
	writes  bool
	finding *score.Finding
	object  kube.Ref
}

// mostMembers is how many objects of an incident are steps; all of them stand among its
// signals.
const mostMembers = 20

// stepsOf returns what there is to do: the commands, the findings that have to do with
// it, and what is hit.
func stepsOf(b *briefing.Briefing, a *answer, assessed *score.Assessment) []step {
	var steps []step
	if b == nil {
		return nil
	}
	if a != nil {
		for k, c := range a.next.Commands {
			steps = append(steps, step{command: k, text: c.Text, tags: a.known.Tags(&c, " "), about: c.About, writes: c.Writes})
		}
	}
	for _, f := range b.Related(assessed) {
		steps = append(steps, step{command: -1, finding: f})
	}
	for _, ref := range b.Members[:min(len(b.Members), mostMembers)] {
		steps = append(steps, step{command: -1, object: ref})
	}
	return steps
}

func stepColumns() []widget.Column {
	return []widget.Column{
		{Title: "", Min: 8, Ideal: 8, Max: 8, Priority: 9},
		{Title: "WHAT", Min: 30, Ideal: 50, Max: widget.Unlimited, Priority: 10},
		{Title: "ABOUT", Min: 20, Ideal: 30, Max: 50, Priority: 5},
	}
}

// stepRows are steps as the table draws them.
type stepRows struct {
	styles *style.Styles
	steps  []step
}

// Len returns the number of steps.
func (r stepRows) Len() int { return len(r.steps) }

// Key names a step for as long as there is one like it.
func (r stepRows) Key(i int) string {
	switch s := r.steps[i]; {
	case s.command >= 0:
		return fmt.Sprintf("command %d %s", s.command, s.text)
	case s.finding != nil:
		return fmt.Sprintf("finding %d %s", i, s.finding.ID())
	default:
		return "object " + s.object.String()
	}
}

// Cells appends the cells of a step.
func (r stepRows) Cells(i int, dst []widget.Cell) []widget.Cell {
	st, s := r.styles, r.steps[i]
	switch {
	case s.command >= 0:
		look := st.Accent
		if s.writes {
			look = st.Warn
		}
		return append(dst, widget.Cell{Text: fmt.Sprintf("copy %d", s.command+1), Style: st.Muted},
			widget.Cell{Text: s.text, Style: look}, widget.Cell{Text: aside(s), Style: look})
	case s.finding != nil:
		f := s.finding
		return append(dst, widget.Cell{Text: "finding", Style: st.Severity(screen.Severity(f.Severity))},
			widget.Cell{Text: f.Rule.ID + ": " + screen.Place(f) + " " + f.Message, Style: st.Text}, widget.Cell{Text: f.Severity.String(), Style: st.Muted})
	}
	return append(dst, widget.Cell{Text: "open", Style: st.Muted}, widget.Cell{Text: place(s.object), Style: st.Text}, widget.Cell{Text: "is hit", Style: st.Muted})
}

// aside says what a command does, and first what is to be minded of it.
func aside(s step) string {
	if s.tags == "" {
		return s.about
	}
	return s.tags[1:] + " " + s.about
}
