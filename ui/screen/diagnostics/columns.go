package diagnostics

import (
	"fmt"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// columns are the columns of the kinds.
func columns() []widget.Column {
	return []widget.Column{
		{Title: "RESOURCE", Min: 16, Ideal: 30, Max: 52, Priority: 10},
		{Title: "PHASE", Min: 9, Ideal: 9, Max: 9, Priority: 9},
		{Title: "OBJECTS", Min: 8, Ideal: 8, Max: 10, Priority: 8, Align: style.Right},
		{Title: "BYTES", Min: 7, Ideal: 7, Max: 8, Priority: 7, Align: style.Right},
		{Title: "EVENTS", Min: 8, Ideal: 8, Max: 10, Priority: 6, Align: style.Right},
		{Title: "HEARD", Min: 7, Ideal: 7, Max: 8, Priority: 5, Align: style.Right},
		{Title: "WHY", Min: 16, Ideal: 24, Max: widget.Unlimited, Priority: 4},
	}
}

// rows are the kinds in the order to show.
type rows struct {
	styles *style.Styles
	states []kube.State
	now    time.Time // when the figures were asked for
}

// Len returns the number of kinds.
func (r rows) Len() int { return len(r.states) }

// Key returns resource and namespace.
func (r rows) Key(i int) string {
	return r.states[i].Resource.String() + "/" + r.states[i].Namespace
}

// Cells appends the cells of a kind.
func (r rows) Cells(i int, dst []widget.Cell) []widget.Cell {
	state, s := r.states[i], r.styles
	look := s.OK
	switch {
	case !state.Settled():
		look = s.Warn
	case state.Blind():
		look = s.Muted
	case state.Phase == kube.Stale:
		look = s.Warn
	}
	name := state.Resource.String()
	if state.Namespace != "" {
		name += " in " + state.Namespace
	}
	objects := fmt.Sprint(state.Count)
	if state.Total > state.Count {
		objects = fmt.Sprintf("%d %%", 100*state.Count/state.Total)
	}
	traffic := trafficOf(state)
	return append(dst, widget.Cell{Text: name, Style: s.Text}, widget.Cell{Text: state.Phase.String(), Style: look},
		widget.Cell{Text: objects, Style: s.Text}, widget.Cell{Text: size(traffic.bytes), Style: s.Text},
		widget.Cell{Text: number(traffic.events), Style: s.Text}, widget.Cell{Text: ago(r.now, traffic.heard), Style: s.Muted},
		widget.Cell{Text: state.Reason, Style: s.Muted})
}

// traffic is what was read of a kind, beside its objects.
type traffic struct {
	bytes, events int64
	heard         time.Time // when the server last said something about it
}

// trafficOf returns what a source tells of its reading, zeros for what it does not
// tell.
func trafficOf(s kube.State) traffic { return traffic{s.Bytes, s.Events, s.Heard} }

// number writes a number, a dash for none.
func number(n int64) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprint(n)
}

// size writes a number of bytes in the unit in which it has at most four digits, a
// dash for none.
func size(bytes int64) string {
	if bytes <= 0 {
		return "-"
	}
	value := float64(bytes)
	for _, unit := range []string{"B", "kB", "MB", "GB"} {
		switch {
		case value >= 1000 && unit != "GB":
			value /= 1000
		case unit == "B" || value >= 100:
			return fmt.Sprintf("%.0f %s", value, unit)
		default:
			return fmt.Sprintf("%.1f %s", value, unit)
		}
	}
	return ""
}

// ago writes how long ago something was, a dash for never.
func ago(now, then time.Time) string {
	if then.IsZero() {
		return "-"
	}
	passed := max(0, now.Sub(then))
	if passed >= time.Hour {
		passed = passed.Truncate(time.Minute)
	}
	text := passed.Truncate(time.Second).String()
	if short, ok := strings.CutSuffix(text, "m0s"); ok {
		return short + "m"
	}
	return text
}

// lasting writes how long something takes, to be compared with a frame.
func lasting(d time.Duration) string {
	switch {
	case d >= 10*time.Second:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d >= time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d >= 10*time.Millisecond:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
}
