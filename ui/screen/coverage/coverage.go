// Package coverage is the screen of what could be read and what could not: the
// proof under a score, and what to ask for to see more.
package coverage

import (
	"cmp"
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// Screen is the state of every resource.
type Screen struct {
	*screen.Listing[kube.State]
	frame screen.Frame
	shown *score.Assessment
}

// New returns the screen.
func New(address nav.Address) *Screen {
	s := &Screen{}
	s.Listing = screen.NewListing(columns(), screen.FilterOf(address), func(kept []kube.State) widget.Rows { return rows{s.frame.Styles, kept} })
	return s
}

// columns are the columns of the table.
func columns() []screen.ListingColumn[kube.State] {
	return []screen.ListingColumn[kube.State]{
		{Column: widget.Column{ID: "state", Title: "STATE", Min: 9, Ideal: 9, Max: 9, Priority: 9}, Text: func(s kube.State) string { return s.Phase.String() }},
		{Column: widget.Column{ID: "resource", Title: "RESOURCE", Min: 16, Ideal: 24, Max: 44, Priority: 10}, Text: func(s kube.State) string { return s.Resource.String() }},
		{Column: widget.Column{ID: "ns", Title: "NAMESPACE", Min: 9, Ideal: 12, Max: 24, Priority: 5}, Text: namespaceOf},
		{
			Column: widget.Column{ID: "objects", Title: "OBJECTS", Min: 7, Ideal: 7, Max: 16, Priority: 8, Align: style.Right, Falling: true},
			Text:   func(s kube.State) string { return fmt.Sprint(s.Count) }, Value: func(s kube.State) float64 { return float64(s.Count) },
		},
		{Column: widget.Column{ID: "why", Title: "WHY", Min: 20, Ideal: 30, Max: widget.Unlimited, Priority: 7}, Text: func(s kube.State) string { return s.Reason }},
	}
}

// namespaceOf says where a resource is read.
func namespaceOf(s kube.State) string { return cmp.Or(s.Namespace, "all") }

// Address returns "coverage", with the filter if there is one.
func (s *Screen) Address() nav.Address {
	return screen.WithFilter(nav.Address{Screen: "coverage"}, s.FilterText())
}

// Title returns the screen's part of the path.
func (s *Screen) Title() string { return "Coverage" }

// Keys returns the scopes of the screen.
func (s *Screen) Keys() []keymap.Scope { return []keymap.Scope{keymap.Table} }

// Hints returns what the footer should say.
func (s *Screen) Hints() []keymap.ID {
	return []keymap.ID{keymap.Back, keymap.Filter, keymap.Sort, keymap.Help, keymap.Quit}
}

// Resize takes the size.
func (s *Screen) Resize(f screen.Frame) { s.frame = f }

// Show takes the newest assessment.
func (s *Screen) Show(a *score.Assessment) { s.shown = a }

// Read takes the newest view; what most needs a look stands first.
func (s *Screen) Read(c *kube.Cluster) {
	states := slices.DeleteFunc(slices.Clone(c.States()), kube.State.Moot)
	slices.SortStableFunc(states, func(a, b kube.State) int { return cmp.Compare(rank(a.Phase), rank(b.Phase)) })
	s.List(states)
}

// rank orders phases: what is blind and need not be, what may be out of date, what
// is still to come, what is blind for a good reason, what is well.
func rank(p kube.Phase) int {
	order := []kube.Phase{kube.Forbidden, kube.Failed, kube.Stale, kube.Syncing, kube.Waiting, kube.Absent, kube.Skipped, kube.Synced}
	return slices.Index(order, p)
}

// Act moves the cursor.
func (s *Screen) Act(id keymap.ID) tea.Cmd {
	s.Handle(id)
	return nil
}

// whyHeight is the height of the box with the whole reason, in lines.
const whyHeight = 5

// View draws the screen: the table, and the whole reason of the selected row.
func (s *Screen) View() []string {
	title := fmt.Sprintf("Coverage %.1f %%: a check whose resources cannot be read leaves the score", s.shown.Coverage)
	if text := s.Filtered(); text != "" {
		title = fmt.Sprintf("Coverage %.1f %%: %s", s.shown.Coverage, text)
	}
	s.Table().Empty = s.Empty("manifests are read as a whole: there is no state to tell of")
	return screen.Below{Table: s.Table(), Title: title, BoxTitle: "This resource", BoxHeight: whyHeight, Lines: s.whyLines}.Draw(s.frame)
}

func (s *Screen) whyLines(width, _ int) []string {
	if state, ok := s.Selected(); ok {
		return s.frame.Styles.Text.Wrap(why(state), width)
	}
	return nil
}

// why says what is known of a resource and, where it is not read, which
// permission is missing.
func why(state kube.State) string {
	switch {
	case state.Verb != "":
		return fmt.Sprintf("needs %s on %s: %s", state.Verb, state.Resource, state.Reason)
	case state.Reason != "":
		return fmt.Sprintf("%s is %s: %s", state.Resource, state.Phase, state.Reason)
	}
	switch state.Phase {
	case kube.Synced:
		return fmt.Sprintf("%s: read as a whole and followed from then on; objects: %d", state.Resource, state.Count)
	case kube.Stale:
		return fmt.Sprintf("%s: read as a whole once; since then the server has stopped answering", state.Resource)
	case kube.Syncing:
		return fmt.Sprintf("%s: on its way; objects so far: %d", state.Resource, state.Count)
	case kube.Waiting:
		return fmt.Sprintf("%s: not asked for yet", state.Resource)
	case kube.Absent:
		return fmt.Sprintf("%s: the server does not serve it", state.Resource)
	case kube.Skipped:
		return fmt.Sprintf("%s: not asked for, by choice", state.Resource)
	default: // the others have a reason
		return fmt.Sprintf("%s: %s", state.Resource, state.Phase)
	}
}

// CursorLine returns the line of the cursor.
func (s *Screen) CursorLine() int { return s.Table().CursorBelow(0) }

type rows struct {
	styles *style.Styles
	states []kube.State
}

// Len returns the number of states.
func (r rows) Len() int { return len(r.states) }

// Key returns resource and namespace.
func (r rows) Key(i int) string {
	return r.states[i].Resource.String() + "/" + r.states[i].Namespace
}

// Cells appends the cells of a state.
func (r rows) Cells(i int, dst []widget.Cell) []widget.Cell {
	state, s := r.states[i], r.styles
	look := s.OK
	switch {
	case !state.Settled():
		look = s.Muted
	case state.Blind():
		look = s.Error
	case state.Phase == kube.Stale:
		look = s.Warn
	}
	reason := state.Reason
	if reason == "" && state.Total > state.Count {
		reason = fmt.Sprintf("%d %% of about %d", 100*state.Count/state.Total, state.Total)
	}
	return append(dst, widget.Cell{Text: state.Phase.String(), Style: look}, widget.Cell{Text: state.Resource.String(), Style: s.Text},
		widget.Cell{Text: namespaceOf(state), Style: s.Muted}, widget.Cell{Text: fmt.Sprint(state.Count), Style: s.Text}, widget.Cell{Text: reason, Style: s.Muted})
}
