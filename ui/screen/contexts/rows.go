package contexts

import (
	"fmt"
	"math"
	"time"

	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

func columns() []widget.Column {
	return []widget.Column{
		{Title: "", Min: 3, Ideal: 3, Max: 3, Priority: 10},
		{Title: "CONTEXT", Min: 18, Ideal: 26, Max: 48, Priority: 10},
		{Title: "STATE", Min: 28, Ideal: 38, Max: 48, Priority: 9},
		{Title: "GRADE", Min: 8, Ideal: 8, Max: 8, Priority: 8},
		{Title: "VERSION", Min: 8, Ideal: 8, Max: 18, Priority: 6},
		{Title: "SERVER", Min: 24, Ideal: 36, Max: 60, Priority: 7},
		{Title: "NAMESPACE", Min: 9, Ideal: 12, Max: 24, Priority: 3},
		{Title: "CLUSTER", Min: 18, Ideal: 24, Max: 40, Priority: 2},
		{Title: "USER", Min: 18, Ideal: 24, Max: 40, Priority: 2},
	}
}

// rows are the places in the order to show.
type rows struct {
	styles *style.Styles
	known  *screen.Places
	places []screen.Destination
	asked  map[string]bool
}

// arrange shows the places that the filter lets through.
func (s *Screen) arrange() {
	all, _ := s.places.List()
	kept := []screen.Destination{}
	for _, place := range all {
		if s.filter.Match(filterRow{place, s.places}) {
			kept = append(kept, place)
		}
	}
	s.rows = rows{s.frame.Styles, s.places, kept, s.asked}
	s.table.SetRows(s.rows)
}

// Len returns the number of places.
func (r rows) Len() int { return len(r.places) }

// Key returns the ID of a place.
func (r rows) Key(i int) string { return r.places[i].ID }

// Cells appends the cells of a place.
func (r rows) Cells(i int, dst []widget.Cell) []widget.Cell {
	p, st := r.places[i], r.styles
	state, look := r.state(p)
	grade := widget.Cell{}
	if g, ok := r.known.Grade(p.ID); ok && g.Scored {
		grade = widget.Cell{Text: fmt.Sprintf("%.1f %s %s", g.Score, g.Grade, st.GradeMark(g.Grade)), Style: st.Score(g.Score)}
	}
	name := st.Text
	if p.ID == r.known.Looked {
		name = st.Accent
	}
	muted := func(text string) widget.Cell { return widget.Cell{Text: text, Style: st.Muted} }
	return append(dst, widget.Cell{Text: r.signs(p), Style: st.Accent}, widget.Cell{Text: p.Name, Style: name},
		widget.Cell{Text: state, Style: look}, grade, muted(r.known.Reach(p.ID).Version), muted(p.Server),
		muted(p.Namespace), muted(p.Cluster), muted(p.User))
}

// signs say what a place is to the user: what is looked at, what was before that, and
// the kubeconfig's current context, as kubectl marks it.
func (r rows) signs(p screen.Destination) string {
	signs := ""
	if p.Current {
		signs += "*"
	}
	if p.ID == r.known.Looked {
		signs += r.styles.Glyphs.Live
	}
	if p.ID == r.known.Former {
		signs += "-"
	}
	return signs
}

// state says in a few words how a place answers.
func (r rows) state(p screen.Destination) (string, style.Style) {
	st, reach := r.styles, r.known.Reach(p.ID)
	switch {
	case p.ID == r.known.Opening:
		return "opening", st.Notice
	case r.asked[p.ID]:
		return "asking", st.Notice
	case reach.State == screen.NotAsked:
		return r.notAsked(p)
	case reach.State == screen.Reachable:
		return st.Glyphs.Tick + " reachable, " + took(reach.Latency), st.OK
	}
	text := reach.State.String()
	switch {
	case reach.State == screen.NeedsLogin && reach.Brief != "":
		return text + ": " + reach.Brief, st.Warn
	case reach.Brief != "":
		text = reach.Brief
	}
	return st.Glyphs.Severity[style.Critical] + " " + text, st.Error
}

// notAsked says in a few words what is known of a place that has not been asked.
func (r rows) notAsked(p screen.Destination) (string, style.Style) {
	st := r.styles
	switch {
	case p.Kind == screen.RecordingPlace:
		return "recorded " + p.Time.Format("2006-01-02 15:04"), st.Muted
	case p.Kind == screen.DemoPlace:
		return "a recorded shop", st.Muted
	case p.ID == r.known.Looked:
		return "looked at", st.OK
	case p.Kind == screen.GivenPlace:
		return "given at the start", st.Muted
	case p.Login != "":
		return "needs login: " + p.Login, st.Warn
	}
	return screen.NotAsked.String(), st.Muted
}

// took writes how long an answer took, to what matters.
func took(d time.Duration) string {
	if d < time.Millisecond {
		return "under 1 ms"
	}
	return fmt.Sprintf("%d ms", d.Milliseconds())
}

func fields() []widget.Field {
	return []widget.Field{{Name: "name"}, {Name: "state"}, {Name: "kind"}, {Name: "cluster"}, {Name: "user"}, {Name: "ns"}, {Name: "server"}, {Name: "grade"}, {Name: "score", Number: true}}
}

// filterRow is a place as a filter sees it.
type filterRow struct {
	screen.Destination
	known *screen.Places
}

// Text returns what a field shows.
func (r filterRow) Text(field int) string {
	grade, _ := r.known.Grade(r.ID)
	all := []string{r.Name, r.known.Reach(r.ID).State.String(), r.Kind.String(), r.Cluster, r.User, r.Namespace, r.Server, grade.Grade}
	if field < len(all) {
		return all[field]
	}
	return ""
}

// Value returns the score.
func (r filterRow) Value(int) float64 {
	if grade, ok := r.known.Grade(r.ID); ok && grade.Scored {
		return grade.Score
	}
	return math.NaN()
}
