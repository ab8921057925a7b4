package diagnostics

import (
	"fmt"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// columns are the columns of the kinds.
func columns() []screen.ListingColumn[kube.State] {
	type column = screen.ListingColumn[kube.State]
	words := func(id, title string, least, ideal, most, priority int, text func(kube.State) string) column {
		return column{Column: widget.Column{ID: id, Title: title, Min: least, Ideal: ideal, Max: most, Priority: priority}, Text: text}
	}
	numbers := func(id, title string, width, most, priority int, value func(kube.State) int64) column {
		return column{
			Column: widget.Column{ID: id, Title: title, Min: width, Ideal: width, Max: most, Priority: priority, Align: style.Right, Falling: true},
			Text:   func(s kube.State) string { return fmt.Sprint(value(s)) }, Value: func(s kube.State) float64 { return float64(value(s)) },
		}
	}
	return []column{
		words("resource", "RESOURCE", 16, 30, 52, 10, nameOf),
		words("phase", "PHASE", 9, 9, 9, 9, func(s kube.State) string { return s.Phase.String() }),
		numbers("objects", "OBJECTS", 8, 10, 8, func(s kube.State) int64 { return int64(s.Count) }),
		numbers("bytes", "BYTES", 7, 8, 7, func(s kube.State) int64 { return s.Bytes }),
		numbers("events", "EVENTS", 8, 10, 6, func(s kube.State) int64 { return s.Events }),
		numbers("heard", "HEARD", 7, 8, 5, func(s kube.State) int64 { return s.Heard.Unix() }),
		words("why", "WHY", 16, 24, widget.Unlimited, 4, func(s kube.State) string { return s.Reason }),
	}
}

// nameOf names a kind and, where it is read in one, its namespace.
func nameOf(s kube.State) string {
	if s.Namespace != "" {
		return s.Resource.String() + " in " + s.Namespace
	}
	return s.Resource.String()
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
	name := nameOf(state)
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
