package triage

import (
	"fmt"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/blast"
	"github.com/seaworthy-dev/seaworthy/audit/triage/briefing"
	"github.com/seaworthy-dev/seaworthy/audit/triage/incident"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

func signalColumns() []widget.Column {
	return []widget.Column{
		{Title: "SEV", Min: 4, Ideal: 4, Max: 4, Priority: 9},
		{Title: "SINCE", Min: 9, Ideal: 11, Max: 11, Priority: 6},
		{Title: "STATE", Min: 10, Ideal: 10, Max: 10, Priority: 5},
		{Title: "OBJECT", Min: 18, Ideal: 30, Max: 44, Priority: 8},
		{Title: "WHAT", Min: 24, Ideal: 40, Max: widget.Unlimited, Priority: 10},
		{Title: "BECAUSE OF", Min: 18, Ideal: 28, Max: 40, Priority: 7},
	}
}

// signalRows are the signals of an incident.
type signalRows struct {
	styles *style.Styles
	of     *briefing.Briefing
	now    time.Time
}

// Len returns the number of signals.
func (r signalRows) Len() int { return len(r.of.Signals) }

// Key names a signal from view to view.
func (r signalRows) Key(i int) string {
	id := r.of.Signals[i].Identity()
	return id.Detector + " " + id.Object.String() + " " + id.Container
}

// Cells appends the cells of a signal.
func (r signalRows) Cells(i int, dst []widget.Cell) []widget.Cell {
	st, s := r.styles, &r.of.Signals[i]
	sign, text, object := st.Severity(screen.IncidentSeverity(s.Severity)), st.Text, s.Object.Short()
	if s.Symptom() {
		object = st.Glyphs.LastBranch + " " + object
	}
	if s.State == triage.Resolved || s.State == triage.Suspect {
		sign, text = st.Muted, st.Muted
	}
	since := clock(s.Onset, r.now)
	if s.Estimated || s.Observed {
		since = "~" + since
	}
	return append(dst, widget.Cell{Text: mark(st, s.Severity), Style: sign}, widget.Cell{Text: since, Style: st.Muted}, widget.Cell{Text: s.State.String(), Style: text},
		widget.Cell{Text: object, Style: text}, widget.Cell{Text: said(st, s.Message), Style: text}, widget.Cell{Text: because(s), Style: st.Muted})
}

// because says what explains a signal, "" for a root.
func because(s *incident.Signal) string {
	if !s.Symptom() {
		return ""
	}
	text := s.By.Object.Short() + " " + s.By.Detector
	if s.Mutual {
		text += " (or the other way around)"
	}
	return text
}

// signalLines tell all of a signal.
func signalLines(st *style.Styles, s *incident.Signal, now time.Time, width int) []string {
	p := paragraphs{width: width}
	p.add(st.Title, s.Detector.ID+": "+s.Detector.Title)
	object := s.Object.String()
	if s.Container != "" {
		object += ", " + s.Container
	}
	p.add(st.Text, object)
	p.add(st.Text, said(st, s.Message))
	if s.Raw != "" {
		p.tell(st.Muted, "said", st.Muted, said(st, s.Raw))
	}
	if s.Symptom() {
		text := because(s)
		if s.Through != (triage.Key{}) {
			text += fmt.Sprintf(", which have the %s %s in common", s.Through.Kind, s.Through.Name)
		}
		p.tell(st.Muted, "because", st.Text, text)
	}
	if s.Observed {
		p.tell(st.Muted, "since", st.Muted, "nothing records since when: it was first seen at "+clock(s.Onset, now))
	}
	p.add(st.Muted, signs(st, s.Detector.About))
	return p.lines
}

func blastColumns() []widget.Column {
	return []widget.Column{
		{Title: "STEPS", Min: 5, Ideal: 5, Max: 5, Priority: 5},
		{Title: "KNOWN", Min: 8, Ideal: 8, Max: 8, Priority: 8},
		{Title: "WHO", Min: 20, Ideal: 34, Max: 60, Priority: 10},
		{Title: "HOW", Min: 20, Ideal: 34, Max: widget.Unlimited, Priority: 9},
		{Title: "LOST", Min: 16, Ideal: 20, Max: 44, Priority: 7},
		{Title: "WHEN", Min: 10, Ideal: 10, Max: 10, Priority: 6},
	}
}

// blastRows are what depends on what is hit.
type blastRows struct {
	styles *style.Styles
	answer *answer // nil while nothing is known of it
}

// Len returns the number of dependents.
func (r blastRows) Len() int {
	if r.answer == nil {
		return 0
	}
	return len(r.answer.radius.Dependents)
}

// Key names a dependent.
func (r blastRows) Key(i int) string { return r.answer.radius.Dependents[i].Object.String() }

// Cells appends the cells of a dependent.
func (r blastRows) Cells(i int, dst []widget.Cell) []widget.Cell {
	st, d := r.styles, r.answer.radius.Dependents[i]
	look, known, way := st.Text, d.Certainty.String(), st.Glyphs.Arrow
	if d.Certainty == blast.Hint {
		look, known, way = st.Muted, known+" ?", "..?"
	}
	lost := look
	if d.Whole {
		lost = st.Error
	}
	return append(dst, widget.Cell{Text: fmt.Sprint(d.Distance), Style: look}, widget.Cell{Text: known, Style: look},
		widget.Cell{Text: way + " " + place(d.Object), Style: look}, widget.Cell{Text: d.Relation.String() + " " + d.Through.Short(), Style: look},
		widget.Cell{Text: d.Lost, Style: lost}, widget.Cell{Text: d.When.String(), Style: look})
}
