package capacity

import (
	"context"
	"maps"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/capacity"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// showNamespaces is what an address calls the second view.
const showNamespaces = "namespaces"

// Screen is how the cluster is filled.
type Screen struct {
	frame      screen.Frame
	shown      *score.Assessment
	reading    *screen.Work
	read       *capacity.Capacity // nil before it is read
	spaces     bool               // the namespaces are shown, not the nodes
	nodes      *screen.Listing[*capacity.Node]
	namespaces *screen.Listing[*capacity.Namespace]
	tabs       screen.TabLine // as last drawn
}

// listing is the table of a view.
type listing interface {
	Table() *widget.Table
	Arrange()
	Handle(id keymap.ID)
	Filter(text string) error
	FilterText() string
	Filtered() string
	Empty(without string) string
}

// New returns the screen at "capacity"; the address may ask for the namespaces ("show") and
// carry a filter.
func New(address nav.Address) *Screen {
	s := &Screen{spaces: address.Query["show"] == showNamespaces}
	query := maps.Clone(address.Query)
	delete(query, "show")
	ofNodes, ofSpaces := screen.FilterOf(nav.Address{Query: query}), ""
	if s.spaces {
		ofNodes, ofSpaces = "", ofNodes
	}
	s.nodes = screen.NewListing(nodeColumns(s), ofNodes, func(kept []*capacity.Node) widget.Rows { return nodeRows{s, kept} })
	s.namespaces = screen.NewListing(namespaceColumns(s), ofSpaces, func(kept []*capacity.Namespace) widget.Rows { return namespaceRows{s, kept} })
	s.reading = screen.NewWork(s.readAgain)
	return s
}

// Address returns "capacity", with the view and the filter if they are not as at first.
func (s *Screen) Address() nav.Address {
	a := nav.Address{Screen: "capacity"}
	if s.spaces {
		a.Query = map[string]string{"show": showNamespaces}
	}
	return screen.WithFilter(a, s.FilterText())
}

// Title returns the screen's part of the path.
func (s *Screen) Title() string { return "Capacity" }

// Keys returns the scopes of the screen.
func (s *Screen) Keys() []keymap.Scope { return []keymap.Scope{keymap.Table} }

// Hints returns what the footer should say.
func (s *Screen) Hints() []keymap.ID {
	return []keymap.ID{keymap.Open, keymap.NextFocus, keymap.Filter, keymap.Sort, keymap.Back, keymap.Help, keymap.Quit}
}

// Resize takes the size.
func (s *Screen) Resize(f screen.Frame) { s.frame = f }

// Show takes the newest assessment.
func (s *Screen) Show(a *score.Assessment) {
	s.shown = a
	s.reading.Renew(screen.Many)
}

// Work returns the reading of the capacity.
func (s *Screen) Work() []*screen.Work { return []*screen.Work{s.reading} }

func (s *Screen) readAgain() screen.Job {
	view, again := s.shown.Cluster, s.read != nil
	return func(ctx context.Context) func() {
		if again && !screen.Rest(ctx) {
			return nil
		}
		read := capacity.Of(view)
		nodes, namespaces := read.Fullest(), read.Wasteful()
		return func() {
			s.read = read
			s.nodes.List(nodes)
			s.namespaces.List(namespaces)
		}
	}
}

// at is the table of the shown view.
func (s *Screen) at() listing {
	if s.spaces {
		return s.namespaces
	}
	return s.nodes
}

// Act moves the cursor, turns to the other view, or opens what is under the cursor.
func (s *Screen) Act(id keymap.ID) tea.Cmd {
	switch id {
	case keymap.NextFocus, keymap.PrevFocus:
		s.spaces = !s.spaces
	case keymap.Open:
		return s.open()
	default:
		s.at().Handle(id)
	}
	return nil
}

func (s *Screen) open() tea.Cmd {
	if s.spaces {
		if n, ok := s.namespaces.Selected(); ok {
			return nav.Open(nav.Address{Screen: "ns", Target: n.Name}.String())
		}
		return nil
	}
	if n, ok := s.nodes.Selected(); ok {
		return nav.Open(screen.ObjectAddress(kube.Nodes.Ref("", n.Name)).String())
	}
	return nil
}

// Table returns the table of the shown view.
func (s *Screen) Table() *widget.Table { return s.at().Table() }

// Arrange sorts the rows of the shown view anew.
func (s *Screen) Arrange() { s.at().Arrange() }

// Filter shows only the rows of the shown view that a text lets through.
func (s *Screen) Filter(text string) error { return s.at().Filter(text) }

// FilterText returns the filter in force.
func (s *Screen) FilterText() string { return s.at().FilterText() }

// CursorLine returns the line of the cursor.
func (s *Screen) CursorLine() int { return s.at().Table().CursorBelow(tabsHeight) }

// Touch turns to the view whose name lies at a cell of the screen.
func (s *Screen) Touch(x, y int) (keymap.ID, bool) {
	view, there := s.tabs.At(x, y)
	if there {
		s.spaces = view == 1
	}
	return "", there
}
