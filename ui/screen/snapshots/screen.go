package snapshots

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/compare"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// Screen is the comparison of two moments.
type Screen struct {
	frame     screen.Frame
	store     screen.Snapshots // nil where there is none
	judge     func() screen.Judge
	start     func() *score.Assessment // of the session; nil while it is not known
	shown     *score.Assessment        // the newest
	sides     [2]*moment
	watching  *screen.Work
	comparing *screen.Work
	compared  *compare.Comparison // nil before the first
	listing   *screen.Work
	list      list
	table     *widget.Table
	filter    screen.Filtering
	refused   error // what is wrong with the filter of the address
	show      int   // of views
	change    widget.Diff
	detailed  *compare.Change // what change is of
	diff      string          // what change shows
	onChange  bool            // the change has the focus
	picker    picker
	history   history
	tabs      screen.TabLine // as last drawn
}

// New returns the screen at snapshots or snapshots/A..B. Judge makes what assesses a
// recording, and start returns the first assessment of this session; store may be nil.
// Past keeps what recordings were worth; nil keeps it for this screen alone.
func New(address nav.Address, store screen.Snapshots, judge func() screen.Judge, start func() *score.Assessment, past *Past) *Screen {
	if past == nil {
		past = NewPast()
	}
	s := &Screen{store: store, judge: judge, start: start, table: widget.NewTable(columns())}
	before, after := parse(address.Target)
	s.sides = [2]*moment{s.newMoment(before), s.newMoment(after)}
	s.table.SortBy("kind", false)
	s.watching, s.comparing, s.listing = screen.NewWork(s.watch), screen.NewWork(s.compare), screen.NewWork(s.arrange)
	s.picker.init(s)
	s.history.init(s, past)
	s.ask(address)
	return s
}

// Title returns the screen's part of the path.
func (s *Screen) Title() string { return "Snapshots" }

// Keys returns the scopes of the screen.
func (s *Screen) Keys() []keymap.Scope { return []keymap.Scope{keymap.Moments, keymap.Table} }

// Hints returns what the footer should say.
func (s *Screen) Hints() []keymap.ID {
	if s.picker.open {
		return []keymap.ID{keymap.Open, keymap.Back, keymap.Help, keymap.Quit}
	}
	if s.history.open {
		return []keymap.ID{keymap.Open, keymap.NextFocus, keymap.PickBefore, keymap.PickAfter, keymap.SaveMoment, keymap.Filter, keymap.Sort, keymap.Back, keymap.Help, keymap.Quit}
	}
	hints := []keymap.ID{keymap.PickBefore, keymap.PickAfter, keymap.NextFocus, keymap.ShownKinds, keymap.SaveMoment, keymap.AsReport, keymap.Filter, keymap.Sort, keymap.Back, keymap.Help, keymap.Quit}
	if s.selected() != nil {
		hints = append([]keymap.ID{keymap.Open}, hints...)
	}
	return hints
}

// Resize takes the size.
func (s *Screen) Resize(f screen.Frame) { s.frame = f }

// Show takes the newest assessment.
func (s *Screen) Show(a *score.Assessment) {
	s.shown = a
	s.renew()
}

// Work returns what is done in the background.
func (s *Screen) Work() []*screen.Work {
	h := &s.history
	return []*screen.Work{s.sides[0].loading, s.sides[1].loading, s.watching, s.comparing, s.listing, s.picker.listing, h.listing, h.arranging, h.reading}
}

// renew asks for what is still missing.
func (s *Screen) renew() {
	for _, m := range s.sides {
		switch {
		case m.name == now:
			m.assessed = s.shown
		case m.name == start:
			m.assessed = s.start()
		case m.assessed == nil && m.failed == nil && !m.loading.Pending():
			m.loading.Renew(screen.Many)
			s.watching.Renew(screen.Many)
		}
	}
	if before, after := s.sides[0].assessed, s.sides[1].assessed; before != nil && after != nil {
		s.comparing.Renew(before.Count() + after.Count())
	}
	s.history.renew()
}

// compare returns the job that compares the two moments as they are.
func (s *Screen) compare() screen.Job {
	before, after, last := s.sides[0].assessed, s.sides[1].assessed, s.compared
	if before == nil || after == nil || last != nil && last.Before == before && last.After == after {
		return nil
	}
	rest := last != nil && last.Before == before && before.Count()+after.Count() > screen.Few
	return func(ctx context.Context) func() {
		if rest && !screen.Rest(ctx) {
			return nil
		}
		c := compare.Assessments(before, after)
		return func() {
			s.compared = c
			s.listing.Renew(len(c.Changes))
		}
	}
}

// set chooses another moment for a side.
func (s *Screen) set(side int, name string) {
	if s.sides[side].name == name {
		return
	}
	s.sides[side].loading.Stop()
	s.comparing.Stop()
	s.sides[side] = s.newMoment(name)
	s.compared, s.list = nil, list{}
	s.table.SetRows(nil)
	s.renew()
}

// Act does what a key means.
func (s *Screen) Act(id keymap.ID) tea.Cmd {
	if s.picker.open {
		return s.picker.act(id)
	}
	switch id {
	case keymap.PickBefore:
		s.picker.start(0)
	case keymap.PickAfter:
		s.picker.start(1)
	case keymap.SaveMoment:
		view := s.shown.Cluster
		s.history.saved()
		return func() tea.Msg { return screen.SaveMsg{Cluster: view} }
	case keymap.NextFocus:
		s.turn(1)
	case keymap.PrevFocus:
		s.turn(-1)
	default:
		if s.history.open {
			return s.history.act(id)
		}
		return s.onChanges(id)
	}
	return nil
}

// turn goes to the pane after or before: the changes, what changed, the history.
func (s *Screen) turn(by int) {
	const panes = 3
	at := 0
	switch {
	case s.history.open:
		at = 2
	case s.onChange:
		at = 1
	}
	at = (at + by + panes) % panes
	s.onChange = at == 1
	s.history.turn(at == 2)
}

// onChanges does what a key means where the changes are shown.
func (s *Screen) onChanges(id keymap.ID) tea.Cmd {
	switch id {
	case keymap.ShownKinds:
		s.show = (s.show + 1) % len(views)
		s.listing.Restart(s.count())
	case keymap.AsReport:
		if c := s.compared; c != nil {
			return func() tea.Msg { return screen.ReportMsg{Comparison: c} }
		}
		return nav.Notice("there is nothing to write yet")
	case keymap.Open:
		return s.open()
	case keymap.Sides:
		return screen.TurnSides(&s.change, s.frame.Width)
	case keymap.Sort, keymap.Reverse:
		s.table.Handle(id)
		s.listing.Restart(s.count())
	default:
		if !s.onChange || !s.change.Handle(id) {
			s.table.Handle(id)
		}
	}
	return nil
}

func (s *Screen) count() int {
	if s.compared == nil {
		return 0
	}
	return len(s.compared.Changes)
}

// open opens the finding under the cursor, where it is there now.
func (s *Screen) open() tea.Cmd {
	c := s.selected()
	if c == nil {
		return nil
	}
	f := c.Finding()
	key := screen.FindingKey(f, screen.Twins(f.Home().Findings)[f])
	if screen.FindFinding(s.shown, key) == nil {
		return nav.Notice("it is not found any more: " + f.Rule.ID + " at " + f.Subject.Short())
	}
	s.table.Move(0)
	return nav.Open(nav.Address{Screen: "finding", Target: key}.String())
}

// selected returns the change under the cursor, nil without one.
func (s *Screen) selected() *compare.Change {
	_, i, ok := s.table.Selected()
	if !ok || i >= len(s.list.kept) {
		return nil
	}
	return s.list.kept[i].change
}

// Filter shows only the changes, or in the history the rows, that a text lets through.
func (s *Screen) Filter(text string) error {
	if s.history.open {
		return s.history.ask(text)
	}
	if err := s.filter.Set(text, fields()); err != nil {
		return err
	}
	s.refused = nil
	s.listing.Restart(s.count())
	return nil
}

// Table returns the changes, nil while the moments are chosen from.
func (s *Screen) Table() *widget.Table {
	if s.picker.open {
		return nil
	}
	if s.history.open {
		return s.history.table
	}
	return s.table
}

// Arrange sorts the rows anew.
func (s *Screen) Arrange() {
	if s.history.open {
		s.history.arranging.Restart(s.history.size())
		return
	}
	s.listing.Restart(s.count())
}

// FilterText returns the filter in force.
func (s *Screen) FilterText() string {
	if s.history.open {
		return s.history.filter.Text()
	}
	return s.filter.Text()
}

// Leave closes the list of moments, or forgets the one that was chosen in the history.
func (s *Screen) Leave() bool {
	was := s.picker.open || s.history.chosen != ""
	s.picker.open, s.history.chosen = false, ""
	return was
}

// CursorLine returns the line of the cursor.
func (s *Screen) CursorLine() int {
	if s.picker.open {
		return s.picker.table.CursorBelow(0)
	}
	if s.history.open {
		return s.history.table.CursorBelow(1 + s.history.scoresHeight())
	}
	return s.table.CursorBelow(1 + s.summaryHeight())
}
