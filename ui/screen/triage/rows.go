package triage

import (
	"fmt"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/briefing"
	"github.com/seaworthy-dev/seaworthy/audit/triage/incident"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// mostSuspects is how many suspects are listed: they are not yet anybody's business, and
// while much breaks there are many.
const mostSuspects = 20

// row is a line of the list: an incident, a suspect, or the signals of no consequence.
// One of the three is set.
type row struct {
	briefing *briefing.Briefing
	suspect  *triage.Watched
	notes    *incident.Incident
	now      time.Time
	seenTo   bool // the incident is acknowledged
}

// rowsOf returns what a report is shown as: what is to be seen to, what somebody has seen
// to, what is over since a moment, and below it what may come to something.
func rowsOf(r *briefing.Report, seen *screen.Acknowledged, since time.Time) []row {
	var rows, below, over []row
	for _, b := range r.Briefings {
		at := row{briefing: b, now: r.Time, seenTo: seen.Has(b.Incident)}
		switch {
		case b.State == incident.Resolved && b.Ended.Before(since):
		case b.State == incident.Resolved:
			over = append(over, at)
		case at.seenTo:
			below = append(below, at)
		default:
			rows = append(rows, at)
		}
	}
	rows = append(append(rows, below...), over...)
	for k := range r.Suspects[:min(len(r.Suspects), mostSuspects)] {
		rows = append(rows, row{suspect: &r.Suspects[k], now: r.Time})
	}
	if r.Notes != nil && len(r.Notes.Signals) > 0 {
		rows = append(rows, row{notes: r.Notes, now: r.Time})
	}
	return rows
}

// key names a row for as long as what it is about is there.
func (r row) key() string {
	switch {
	case r.briefing != nil:
		return r.briefing.ID
	case r.suspect != nil:
		id := r.suspect.Identity()
		return "suspect " + id.Detector + " " + id.Object.String() + " " + id.Container
	}
	return "notes"
}

func (r row) severity() triage.Severity {
	if r.briefing != nil {
		return r.briefing.Severity
	}
	return 0
}

func (r row) start() string {
	switch {
	case r.briefing != nil:
		return started(r.briefing, r.now)
	case r.suspect != nil:
		return r.suspect.Onset.UTC().Format("15:04")
	}
	return ""
}

func (r row) since() time.Duration {
	switch {
	case r.briefing != nil && r.briefing.State == incident.Resolved:
		return r.briefing.Ended.Sub(r.briefing.Since)
	case r.briefing != nil:
		return r.now.Sub(r.briefing.Since)
	case r.suspect != nil:
		return r.now.Sub(r.suspect.Onset)
	}
	return 0
}

func (r row) duration() string {
	if r.notes != nil {
		return ""
	}
	return lasting(r.since())
}

func (r row) what() string {
	switch {
	case r.briefing != nil:
		return message.Scrub(r.briefing.Title)
	case r.suspect != nil:
		return r.suspect.Object.Short() + ": " + message.Scrub(r.suspect.Message)
	}
	return "housekeeping: " + screen.Plural(len(r.notes.Signals), "note") + " of no consequence"
}

func (r row) where() string {
	switch {
	case r.briefing != nil:
		return r.briefing.Where
	case r.suspect != nil && r.suspect.Object.Namespace == "":
		return "cluster"
	case r.suspect != nil:
		return r.suspect.Object.Namespace
	}
	return ""
}

func (r row) pods() int {
	if r.briefing != nil {
		return r.briefing.Pods
	}
	return 0
}

func (r row) state() string {
	switch {
	case r.briefing != nil:
		return stateOf(r.briefing.Incident, r.seenTo)
	case r.suspect != nil:
		return "suspect"
	}
	return "note"
}

// trendCells is how wide the course of the last hour is.
const trendCells = 15

// columns are those of the list.
func columns() []screen.ListingColumn[row] {
	text := func(c widget.Column, text func(row) string) screen.ListingColumn[row] {
		return screen.ListingColumn[row]{Column: c, Text: text}
	}
	number := func(c widget.Column, text func(row) string, value func(row) float64) screen.ListingColumn[row] {
		c.Falling = true
		return screen.ListingColumn[row]{Column: c, Text: text, Value: value}
	}
	return []screen.ListingColumn[row]{
		text(widget.Column{ID: "sev", Title: "SEV", Min: 4, Ideal: 4, Max: 4, Priority: 10}, func(r row) string { return r.severity().String() }),
		text(widget.Column{ID: "start", Title: "START", Min: 6, Ideal: 6, Max: 6, Priority: 6}, row.start),
		number(widget.Column{ID: "dur", Title: "DUR", Min: 5, Ideal: 5, Max: 5, Priority: 7, Align: style.Right}, row.duration,
			func(r row) float64 { return r.since().Minutes() }),
		text(widget.Column{ID: "what", Title: "WHAT", Min: 24, Ideal: 40, Max: widget.Unlimited, Priority: 9}, row.what),
		text(widget.Column{ID: "where", Title: "WHERE", Min: 8, Ideal: 16, Max: 24, Priority: 5}, row.where),
		number(widget.Column{ID: "pods", Title: "PODS", Min: 5, Ideal: 5, Max: 7, Priority: 4, Align: style.Right},
			func(r row) string { return fmt.Sprint(r.pods()) }, func(r row) float64 { return float64(r.pods()) }),
		text(widget.Column{ID: "state", Title: "STATE", Min: 12, Ideal: 12, Max: 12, Priority: 8}, row.state),
		text(widget.Column{ID: "id", Title: "ID", Min: 8, Ideal: 10, Max: 14, Priority: 2, Wide: true}, row.key),
		text(widget.Column{ID: "trend", Title: "60 MIN", Unsorted: true, Min: trendCells, Ideal: trendCells, Max: trendCells, Priority: 3}, func(row) string { return "" }),
	}
}

// listRows are rows as the table draws them.
type listRows struct {
	styles *style.Styles
	rows   []row
}

// Len returns the number of rows.
func (r listRows) Len() int { return len(r.rows) }

// Key names a row.
func (r listRows) Key(i int) string { return r.rows[i].key() }

// Index returns the row of a key, also of an incident that turned out to be part of
// another; -1 if there is none.
func (r listRows) Index(key string) int {
	for i := range r.rows {
		if r.rows[i].key() == key || r.rows[i].briefing != nil && r.rows[i].briefing.Is(key) {
			return i
		}
	}
	return -1
}

// Cells appends the cells of a row.
func (r listRows) Cells(i int, dst []widget.Cell) []widget.Cell {
	st, at := r.styles, r.rows[i]
	sign, look, text := mark(st, at.severity()), st.Muted, st.Muted
	course, pods := "", ""
	if b := at.briefing; b != nil {
		course, pods = trend(st, b.History), fmt.Sprint(b.Pods)
		if !at.seenTo && b.State != incident.Resolved {
			look, text = st.Severity(screen.IncidentSeverity(b.Severity)), st.Text
		}
	} else {
		sign = "?"
		if at.notes != nil {
			sign = mark(st, triage.S4)
		}
	}
	state := text
	if at.briefing != nil && !at.seenTo && at.briefing.State == incident.Recovering {
		state = st.Warn
	}
	return append(dst, widget.Cell{Text: sign, Style: look}, widget.Cell{Text: at.start(), Style: text}, widget.Cell{Text: at.duration(), Style: text},
		widget.Cell{Text: signs(st, at.what()), Style: text}, widget.Cell{Text: at.where(), Style: text}, widget.Cell{Text: pods, Style: text},
		widget.Cell{Text: at.state(), Style: state}, widget.Cell{Text: at.key(), Style: st.Muted}, widget.Cell{Text: course, Style: st.Spark})
}
