package triage

import (
	"fmt"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/briefing"
	"github.com/seaworthy-dev/seaworthy/audit/triage/cause"
	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/audit/triage/incident"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// mark writes a severity with its shape: "S1 ✖".
func mark(st *style.Styles, s triage.Severity) string {
	if s == 0 {
		return "-"
	}
	return strings.TrimRight(s.String()+" "+st.Glyphs.Severity[screen.IncidentSeverity(s)], " ")
}

// said returns a text of the cluster, or about it, without what looks like a secret, and
// with the signs that the terminal can show in the place of those it was written with.
func said(st *style.Styles, text string) string {
	return signs(st, message.Scrub(text))
}

// signs replaces the signs of texts that are not the cluster's by those of the terminal.
func signs(st *style.Styles, text string) string {
	if st.Glyphs.Ellipsis == "…" {
		return text
	}
	return strings.NewReplacer("→", st.Glyphs.Arrow, "…", st.Glyphs.Ellipsis, "×", "x", "•", "*", "≥", ">=", "≤", "<=", "–", "-").Replace(text)
}

// clock writes a moment: its time of day, or its date if it is not of the last day.
func clock(t, now time.Time) string {
	switch age := now.Sub(t); {
	case t.IsZero():
		return ""
	case age >= 24*time.Hour || age <= -24*time.Hour:
		return t.UTC().Format("01-02 15:04")
	}
	return t.UTC().Format("15:04:05")
}

// started writes when an incident began, as short as a column.
func started(b *briefing.Briefing, now time.Time) string {
	text := b.Since.UTC().Format("15:04")
	if now.Sub(b.Since) >= 24*time.Hour {
		text = b.Since.UTC().Format("01-02")
	}
	if b.Estimated {
		return "~" + text
	}
	return text
}

// lasting writes for how long something goes on, in minutes at least, so that it does
// not change with every second.
func lasting(d time.Duration) string {
	if d < time.Minute {
		return "<1m"
	}
	if d < 2*time.Minute {
		return "1m"
	}
	return screen.Age(d)
}

// stateOf says how far an incident has come.
func stateOf(i *incident.Incident, acknowledged bool) string {
	switch {
	case i.State == incident.Resolved:
		return "resolved"
	case acknowledged:
		return "acknowledged"
	case i.Flapping:
		return "flapping"
	}
	return i.State.String()
}

// trend draws how many pods showed an incident in the last hour, in [trendCells].
func trend(st *style.Styles, history []int) string {
	const cells = trendCells
	if st.Glyphs.Spoken || len(history) == 0 {
		return ""
	}
	const hour = 60
	values, high := make([]float64, 0, cells), 1.0
	for cell := range cells {
		from := len(history) - hour + cell*hour/cells
		to := len(history) - hour + (cell+1)*hour/cells
		if to <= 0 {
			continue // nobody looked yet
		}
		most := 0
		for _, n := range history[max(from, 0):to] {
			most = max(most, n)
		}
		values = append(values, float64(most))
		high = max(high, float64(most))
	}
	return style.Blanks(cells-len(values)) + widget.Spark{Values: values, Low: 0, High: high}.Text(st)
}

// known says how a change is known, and who did it.
func known(st *style.Styles, c *change.Change) string {
	parts := []string{c.Certainty.String()}
	if c.Bound != change.Exact {
		parts[0] += ", " + c.Bound.String()
	}
	if c.By != "" {
		parts = append(parts, "by "+said(st, c.By))
	}
	return strings.Join(parts, ", ")
}

// changed says what changed, and of what.
func changed(st *style.Styles, c *change.Change) string {
	if strings.HasPrefix(c.Title, c.Object.Name) {
		return said(st, c.Title)
	}
	return c.Object.Short() + " " + said(st, c.Title)
}

// named is a cause with how sure it is.
func named(st *style.Styles, c *cause.Cause) string {
	if c.Band == cause.NotDetermined {
		return said(st, c.Title)
	}
	return said(st, c.Title) + " (" + verdict(c) + ")"
}

// verdict says how sure a cause is: "likely, 72 of 100".
func verdict(c *cause.Cause) string {
	if c.Band == cause.NotDetermined {
		return c.Band.String()
	}
	return fmt.Sprintf("%s, %d of 100", c.Band, c.Confidence)
}

// who names what a line of signals is about.
func who(l *incident.Line) string {
	name := l.Object.Short()
	if !l.Workload.IsZero() && l.Count > 1 {
		name = l.Workload.Short()
	}
	switch {
	case l.Of > 0:
		name += fmt.Sprintf(" %d/%d pods", l.Count, l.Of)
	case l.Count > 1:
		name += fmt.Sprintf(" ×%d", l.Count)
	}
	return name
}

// shortly shortens a history of names for a title.
func shortly(text string, cells int, st *style.Styles) string {
	return style.Cut(text, cells, st.Glyphs.Ellipsis)
}
