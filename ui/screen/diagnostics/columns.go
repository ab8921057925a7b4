package diagnostics

import (
	"cmp"
	"fmt"
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
	bytes, events := orDash(screen.Bytes(float64(state.Bytes)), state.Bytes > 0), orDash(fmt.Sprint(state.Events), state.Events > 0)
	return append(dst, widget.Cell{Text: name, Style: s.Text}, widget.Cell{Text: state.Phase.String(), Style: look},
		widget.Cell{Text: objects, Style: s.Text}, widget.Cell{Text: bytes, Style: s.Text},
		widget.Cell{Text: events, Style: s.Text}, widget.Cell{Text: cmp.Or(screen.Since(r.now, state.Heard), "-"), Style: s.Muted},
		widget.Cell{Text: state.Reason, Style: s.Muted})
}

// orDash returns a text, a dash where a source tells nothing.
func orDash(text string, told bool) string {
	if !told {
		return "-"
	}
	return text
}
