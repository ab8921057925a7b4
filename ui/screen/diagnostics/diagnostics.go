// Package diagnostics is the screen of the program itself: what it reads of each
// kind, how long judging and triage take, how far it is behind, and what memory it has.
//
// It is looked at when something seems slow. Only while it is shown does it cost
// anything: then the figures are asked for once a second.
package diagnostics

import (
	"cmp"
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/feed"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// interval is how often the figures are asked for.
const interval = time.Second

// Screen is the diagnostics.
type Screen struct {
	*screen.Listing[kube.State]
	frame   screen.Frame
	ask     func() feed.Statistics
	figures feed.Statistics
	clock   kube.Clock
	asking  *screen.Work
}

// New returns the screen, which asks for its figures by a function that never
// waits.
func New(address nav.Address, ask func() feed.Statistics) *Screen {
	s := &Screen{ask: ask}
	s.Listing = screen.NewListing(columns(), screen.FilterOf(address), func(kept []kube.State) widget.Rows {
		return rows{s.frame.Styles, kept, s.figures.Time}
	})
	s.asking = screen.NewWork(s.prepare)
	return s
}

// Address returns "diagnostics", with the filter if there is one.
func (s *Screen) Address() nav.Address {
	return screen.WithFilter(nav.Address{Screen: "diagnostics"}, s.FilterText())
}

// Title returns the screen's part of the path.
func (s *Screen) Title() string { return "Diagnostics" }

// Keys returns the scopes of the screen.
func (s *Screen) Keys() []keymap.Scope { return []keymap.Scope{keymap.Table} }

// Hints returns what the footer should say.
func (s *Screen) Hints() []keymap.ID {
	return []keymap.ID{keymap.Back, keymap.Filter, keymap.Sort, keymap.Help, keymap.Quit}
}

// Resize takes the size.
func (s *Screen) Resize(f screen.Frame) { s.frame = f }

// Read takes the newest view; the kinds with the most objects stand first.
func (s *Screen) Read(c *kube.Cluster) {
	s.clock = c.Clock
	states := slices.DeleteFunc(slices.Clone(c.States()), kube.State.Moot)
	slices.SortStableFunc(states, func(a, b kube.State) int { return cmp.Compare(b.Count, a.Count) })
	s.List(states)
}

// Show asks for the figures, unless they come by themselves already.
func (s *Screen) Show(*score.Assessment) {
	if !s.asking.Pending() {
		s.take(s.ask())
	}
	s.Arrange()
}

// Work returns the asking for figures.
func (s *Screen) Work() []*screen.Work { return []*screen.Work{s.asking} }

// prepare returns the job that asks for the figures after a while.
func (s *Screen) prepare() screen.Job {
	ask := s.ask
	return func(ctx context.Context) func() {
		if !screen.Pause(ctx, interval) {
			return nil
		}
		figures := ask()
		return func() { s.take(figures) }
	}
}

// take shows figures, and has the next ones asked for.
func (s *Screen) take(figures feed.Statistics) {
	s.figures = figures
	s.Arrange()
	s.asking.Renew(screen.Many)
}

// Act moves the cursor.
func (s *Screen) Act(id keymap.ID) tea.Cmd {
	s.Handle(id)
	return nil
}

// CursorLine returns the line of the cursor.
func (s *Screen) CursorLine() int { return s.Table().CursorBelow(s.programHeight()) }
