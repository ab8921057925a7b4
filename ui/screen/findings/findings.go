// Package findings is the screen of many findings: those of a namespace, below
// what the namespace lost in each category, or those of the whole cluster.
//
// It orders, filters and draws what was found; it judges nothing. A new column
// is a line in columns.go.
package findings

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/score"
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
	all       []row // before the filter, in the order of the assessment
	settled   bool  // the first read is over
	gainFor   *score.Finding
	gain      float64 // what clearing gainFor alone would bring
	table     *widget.Table
	shown     rows
	filter    screen.Filtering
	asked     string // the address's filter, until the first assessment
	refused   error  // what is wrong with it
}

// New returns the screen at "findings" or at "ns/NAME".
func New(address nav.Address) *Screen {
	s := &Screen{address: nav.Address{Screen: address.Screen, Target: address.Target}, asked: screen.FilterOf(address)}
	s.table = widget.NewTable(columns(!s.ofNamespace()))
	s.table.SortBy("sev", true)
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
		hints = append([]keymap.ID{keymap.Open}, hints...)
	}
	return hints
}

// Resize takes the size.
func (s *Screen) Resize(f screen.Frame) { s.frame = f }

// Show takes the newest assessment.
func (s *Screen) Show(a *score.Assessment) {
	s.namespace, s.all = nil, s.all[:0]
	for _, n := range a.Namespaces {
		if !s.ofNamespace() {
			s.add(n)
		} else if n.Name == s.address.Target {
			s.namespace = n
			s.add(n)
		}
	}
	if s.asked != "" {
		s.refused = s.filter.Set(s.asked, fields())
		s.asked = ""
	}
	s.settled = a.Cluster.Settled()
	s.arrange()
}

// add takes in the findings of a namespace. Its keys are made here, once for an
// assessment: they do not depend on filter and order.
func (s *Screen) add(n *score.Namespace) {
	for i, key := range screen.FindingKeys(n.Findings) {
		s.all = append(s.all, row{n.Findings[i], key})
	}
}

// empty says why there is no row.
func (s *Screen) empty() string {
	switch {
	case s.ofNamespace() && s.namespace == nil && !s.settled:
		return fmt.Sprintf("namespace %s is not read yet", s.address.Target)
	case s.ofNamespace() && s.namespace == nil:
		return fmt.Sprintf("there is no namespace %s, or it cannot be seen", s.address.Target)
	case len(s.all) > 0:
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
	case keymap.Sort, keymap.Reverse:
		s.table.Handle(id)
		s.arrange()
	default:
		s.table.Handle(id)
	}
	return nil
}

// selected returns the finding under the cursor, nil if there is none.
func (s *Screen) selected() *score.Finding {
	_, i, ok := s.table.Selected()
	if !ok || i >= len(s.shown.findings) {
		return nil
	}
	return s.shown.findings[i].Finding
}

// Filter shows only the findings that a text lets through.
func (s *Screen) Filter(text string) error {
	if err := s.filter.Set(text, fields()); err != nil {
		return err
	}
	s.refused = nil
	s.arrange()
	return nil
}

// FilterText returns the filter in force.
func (s *Screen) FilterText() string { return s.filter.Text() }

// CursorLine returns the line of the cursor.
func (s *Screen) CursorLine() int {
	if line := s.table.CursorLine(); line >= 0 {
		return s.summary() + 1 + line
	}
	return -1
}
