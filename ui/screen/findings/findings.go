// Package findings is the screen of many findings: those of a namespace, below
// what the namespace lost in each category, or those of the whole cluster.
//
// It orders, filters and draws what was found; it judges nothing. There may be
// 150,000 findings: the list of them is made in the background (list.go), out of
// the one before, and nothing that a key or a frame does depends on how many there
// are. A new column is a line in columns.go.
package findings

import (
	"context"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// Screen is the findings of one namespace or of all.
type Screen struct {
	frame     screen.Frame
	address   nav.Address // without its filter
	namespace *score.Namespace
	assessed  *score.Assessment // the newest; the list may be of an earlier one
	count     int               // findings of assessed, before the filter
	list      *list             // what is shown; nil before the first
	listing   *screen.Work      // makes the next list
	settled   bool              // the first read is over
	cureFor   *score.Finding
	gain      float64 // what clearing cureFor alone would bring
	fix       string  // the title of its best fix, "" without one
	table     *widget.Table
	filter    screen.Filtering
	asked     string // the address's filter, until the first assessment
	refused   error  // what is wrong with it
	marks     *screen.Marks
}

// New returns the screen at "findings" or at "ns/NAME", where marks are set.
func New(address nav.Address, marks *screen.Marks) *Screen {
	s := &Screen{marks: marks, address: nav.Address{Screen: address.Screen, Target: address.Target}, asked: screen.FilterOf(address)}
	s.table = widget.NewTable(columns(!s.ofNamespace()))
	s.table.SortBy("sev", true)
	s.table.SetMarks(marks)
	s.listing = screen.NewWork(s.prepare)
	return s
}

func (s *Screen) ofNamespace() bool { return s.address.Screen == "ns" }

// Address returns where the screen is, with the filter if there is one.
func (s *Screen) Address() nav.Address {
	a := s.address
	if text := s.filter.Text(); text != "" {
		a.Query = map[string]string{"filter": text}
	}
	return a
}

// Title returns the screen's part of the path.
func (s *Screen) Title() string {
	if s.ofNamespace() {
		return s.address.Target
	}
	return "Findings"
}

// Keys returns the scopes of the screen.
func (s *Screen) Keys() []keymap.Scope { return []keymap.Scope{keymap.Table} }

// Hints returns what the footer should say.
func (s *Screen) Hints() []keymap.ID {
	hints := []keymap.ID{keymap.Back, keymap.Filter, keymap.Sort, keymap.Help, keymap.Quit, keymap.Reverse}
	if _, _, ok := s.table.Selected(); ok {
		hints = append(append([]keymap.ID{keymap.Open, keymap.Mark, keymap.Plan}, hints...), keymap.Paths, keymap.MarkAll)
	}
	return hints
}

// Resize takes the size.
func (s *Screen) Resize(f screen.Frame) { s.frame = f }

// Show takes the newest assessment.
func (s *Screen) Show(a *score.Assessment) {
	s.namespace, s.assessed, s.count = nil, a, 0
	for _, n := range a.Namespaces {
		if s.ofNamespace() && n.Name != s.address.Target {
			continue
		}
		if s.ofNamespace() {
			s.namespace = n
		}
		s.count += len(n.Findings)
	}
	if s.asked != "" {
		s.refused = s.filter.Set(s.asked, fields())
		s.asked = ""
	}
	s.settled = a.Cluster.Settled()
	s.listing.Renew(s.count)
}

// Work returns the making of the list.
func (s *Screen) Work() []*screen.Work { return []*screen.Work{s.listing} }

// prepare returns the job that makes the list of what is asked for now.
func (s *Screen) prepare() screen.Job {
	in := inputs{shown: s.assessed, text: s.filter.Text(), filter: s.filter.Filter()}
	in.order.column, in.order.descending = s.table.SortedBy()
	if s.ofNamespace() {
		in.namespace = s.address.Target
	}
	before := s.list
	if before != nil && before.in.same(in) {
		return nil
	}
	selected, _, _ := s.table.Selected()
	return func(ctx context.Context) func() {
		made := before.next(ctx, in, selected)
		if made == nil {
			return nil
		}
		return func() { s.take(made) }
	}
}

// take shows a list.
func (s *Screen) take(made *list) {
	s.list = made
	s.table.SetRows(rows{made, s.frame.Styles, !s.ofNamespace()})
}

// empty says why there is no row.
func (s *Screen) empty() string {
	switch {
	case s.ofNamespace() && s.namespace == nil && !s.settled:
		return fmt.Sprintf("namespace %s is not read yet", s.address.Target)
	case s.ofNamespace() && s.namespace == nil:
		return fmt.Sprintf("there is no namespace %s, or it cannot be seen", s.address.Target)
	case s.list == nil && s.listing.Late():
		return fmt.Sprintf("sorting %d findings", s.count)
	case s.list == nil:
		return ""
	case len(s.list.all) > 0:
		return "no finding matches the filter"
	case !s.settled:
		return "nothing was found so far; not everything is read yet"
	}
	return "nothing was found here"
}

// Act does what a key means.
func (s *Screen) Act(id keymap.ID) tea.Cmd {
	switch id {
	case keymap.Open:
		if key, _, ok := s.table.Selected(); ok {
			s.table.Move(0) // what was opened is what the user comes back to
			return nav.Open(nav.Address{Screen: "finding", Target: key}.String())
		}
	case keymap.Paths:
		return s.paths()
	case keymap.MarkAll:
		return s.markAll()
	case keymap.Mark:
		if key, _, ok := s.table.Selected(); ok && s.table.Handle(id) && s.marks.Len() >= screen.MostMarked && !s.marks.Has(key) {
			return nav.Notice(fmt.Sprintf("no more than %d findings are marked at once", screen.MostMarked))
		}
	case keymap.Sort, keymap.Reverse:
		s.table.Handle(id)
		s.listing.Restart(s.count)
	default:
		s.table.Handle(id)
	}
	return nil
}

// Scope returns the namespace that the screen is about, "" for the cluster.
func (s *Screen) Scope() string {
	if s.ofNamespace() {
		return s.address.Target
	}
	return ""
}

// markAll marks what the filter shows, from the top.
func (s *Screen) markAll() tea.Cmd {
	if s.list == nil || len(s.list.kept) == 0 {
		return nav.Notice("there is nothing to mark")
	}
	all := rows{list: s.list}
	for i := range s.list.kept {
		if !s.marks.Add(all.Key(i)) {
			return nav.Notice(fmt.Sprintf("marked the first of %d: no more than %d findings are marked at once", len(s.list.kept), screen.MostMarked))
		}
	}
	return nil
}

// paths opens the paths from the object of the finding under the cursor, or from the
// namespace where there is none.
func (s *Screen) paths() tea.Cmd {
	if f := s.selected(); f != nil {
		s.table.Move(0)
		return nav.Open(screen.PathsFromObject(f.Subject).String())
	}
	if s.ofNamespace() && s.namespace != nil && s.address.Target != score.ClusterWide {
		return nav.Open(screen.PathsFromObject(kube.Namespaces.Ref("", s.address.Target)).String())
	}
	return nav.Notice("there is nothing that paths could begin at")
}

// selected returns the finding under the cursor, nil if there is none.
func (s *Screen) selected() *score.Finding {
	_, i, ok := s.table.Selected()
	if !ok || s.list == nil {
		return nil
	}
	return s.list.kept[i]
}

// Filter shows only the findings that a text lets through.
func (s *Screen) Filter(text string) error {
	if err := s.filter.Set(text, fields()); err != nil {
		return err
	}
	s.refused = nil
	s.listing.Restart(s.count)
	return nil
}

// Table returns the table of findings.
func (s *Screen) Table() *widget.Table { return s.table }

// Arrange sorts the findings anew.
func (s *Screen) Arrange() { s.listing.Restart(s.count) }

// FilterText returns the filter in force.
func (s *Screen) FilterText() string { return s.filter.Text() }

// CursorLine returns the line of the cursor.
func (s *Screen) CursorLine() int { return s.table.CursorBelow(s.summary()) }
