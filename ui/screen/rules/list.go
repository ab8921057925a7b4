package rules

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/explain"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/feed"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// List is all rules.
type List struct {
	frame    screen.Frame
	known    []explain.Rule
	counting *counting
	kept     []row
	table    *widget.Table
	filter   screen.Filtering
	refused  error // what is wrong with the filter of the address
	about    widget.Lines
	told     string // the rule that about tells of
}

// NewList returns the screen at rules. Known are all rules there are; ask returns what
// they have taken, and never waits.
func NewList(address nav.Address, known []explain.Rule, ask func() feed.Statistics) *List {
	s := &List{known: known, table: widget.NewTable(columns())}
	s.counting = newCounting(ask, func() {
		s.told = ""
		s.arrange()
	})
	s.table.SortBy("open", true)
	s.table.Empty = "no rule matches the filter"
	s.refused = s.filter.Set(screen.FilterOf(address), fields())
	s.arrange()
	return s
}

// Address returns where the screen is, with the filter if there is one.
func (s *List) Address() nav.Address {
	return screen.WithFilter(nav.Address{Screen: "rules"}, s.filter.Text())
}

// Title returns the screen's part of the path.
func (s *List) Title() string { return "Rules" }

// Keys returns the scopes of the screen.
func (s *List) Keys() []keymap.Scope { return []keymap.Scope{keymap.Table} }

// Hints returns what the footer should say.
func (s *List) Hints() []keymap.ID {
	return []keymap.ID{keymap.Open, keymap.Filter, keymap.Sort, keymap.Back, keymap.Help, keymap.Quit, keymap.Reverse}
}

// Resize takes the size.
func (s *List) Resize(f screen.Frame) { s.frame = f }

// Show takes the newest assessment.
func (s *List) Show(a *score.Assessment) {
	s.arrange()
	s.counting.show(a)
}

// Work returns the counting.
func (s *List) Work() []*screen.Work { return []*screen.Work{s.counting.work} }

// arrange filters and sorts the rules, of which there are some hundreds.
func (s *List) arrange() {
	s.kept = nil
	for i := range s.known {
		r := row{&s.known[i], s.counting.did[s.known[i].ID]}
		if s.filter.Match(r) {
			s.kept = append(s.kept, r)
		}
	}
	column, descending := s.table.SortedBy()
	order(s.kept, column, descending)
	s.table.SetRows(rows{s.kept, s.frame.Styles})
}

// Act moves the cursor, or opens the rule under it.
func (s *List) Act(id keymap.ID) tea.Cmd {
	key, _, selected := s.table.Selected()
	switch {
	case id == keymap.Open && selected:
		s.table.Move(0) // what was opened is what the user comes back to
		return nav.Open(nav.Address{Screen: "rule", Target: key}.String())
	case id == keymap.NextFix && selected:
		s.table.Move(0)
		return findings(key)
	case id == keymap.Sort, id == keymap.Reverse:
		s.table.Handle(id)
		s.arrange()
	default:
		s.table.Handle(id)
	}
	return nil
}

// findings opens what a rule found.
func findings(rule string) tea.Cmd {
	return nav.Open(screen.WithFilter(nav.Address{Screen: "findings"}, "rule="+rule).String())
}

// Filter shows only the rules that a text lets through.
func (s *List) Filter(text string) error {
	if err := s.filter.Set(text, fields()); err != nil {
		return err
	}
	s.refused = nil
	s.arrange()
	return nil
}

// FilterText returns the filter in force.
func (s *List) FilterText() string { return s.filter.Text() }

// What is told of the selected rule stands beside the table from a width on, below it
// otherwise; its sizes in cells and lines.
const (
	besideFrom  = 130
	besideWidth = 58
	belowHeight = 7
)

// View draws the table, and what is to know of the selected rule.
func (s *List) View() []string {
	f := s.frame
	tree := widget.Pane{Direction: widget.Stack, Panes: []widget.Pane{
		{Name: "rules", Min: 5, Priority: 2}, {Name: "rule", Fixed: belowHeight, Priority: 1},
	}}
	if f.Width >= besideFrom {
		tree = widget.Pane{Direction: widget.Columns, Panes: []widget.Pane{{Name: "rules", Min: 60}, {Name: "rule", Fixed: besideWidth}}}
	}
	return tree.Draw(f.Styles, widget.Rect{W: f.Width, H: f.Height}, s.draw)
}

func (s *List) draw(name string, r widget.Rect) widget.Block {
	st := s.frame.Styles
	if name == "rules" {
		return s.table.In(r).RenderBox(st, s.title(), r.W, r.H)
	}
	box := widget.Box{Padding: 1, Title: "This rule"}
	w, h := box.Inner(r.W, r.H)
	key, i, ok := s.table.Selected()
	if !ok {
		return box.Render(st, r.W, r.H, widget.NewBlock(st, nil, w, h))
	}
	if box.Title = key; s.told != key {
		rule, view := s.kept[i], s.counting.shown.Cluster
		s.told = key
		s.about.SetContent(func(st *style.Styles, width int) []string { return tell(st, rule.Rule, rule.counted, view, width) })
	}
	s.about.In(r)
	return box.Render(st, r.W, r.H, s.about.Render(st, w, h))
}

func (s *List) title() string {
	off := 0
	for i := range s.known {
		if !s.known[i].Enabled {
			off++
		}
	}
	title := fmt.Sprintf("Rules (%d, %d off)", len(s.known), off)
	if len(s.kept) != len(s.known) {
		title = fmt.Sprintf("Rules (%d of %d, %d off) filtered by %s", len(s.kept), len(s.known), off, s.filter.Text())
	}
	title += screen.Unfiltered(s.refused)
	if s.counting.did == nil {
		title += "  counting" + s.frame.Styles.Glyphs.Ellipsis
	}
	return title
}

// CursorLine returns the line of the cursor.
func (s *List) CursorLine() int { return s.table.CursorBelow(0) }

// Table returns the rules.
func (s *List) Table() *widget.Table { return s.table }

// Arrange sorts the rules anew.
func (s *List) Arrange() { s.arrange() }

// Wheel scrolls what stands beside the rules, if it lies under a cell.
func (s *List) Wheel(x, y, lines int) bool {
	return s.frame.Width >= besideFrom && s.about.Wheel(x, y, lines)
}
