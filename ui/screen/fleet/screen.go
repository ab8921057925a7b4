package fleet

import (
	"context"
	"maps"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/fleet"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/feed"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// Clusters are those that are followed ([feed.Fleet]).
type Clusters interface {
	// Members returns them as they are, without waiting.
	Members() []feed.Member
	// Retry asks at once those that do not answer.
	Retry()
}

// The views, in the order of their tabs.
const (
	showClusters = iota
	showRules
	showNamespaces
)

// views are the names of the views, in addresses too.
func views() []string { return []string{"clusters", "differences", "namespaces"} }

// Screen is the fleet.
type Screen struct {
	frame      screen.Frame
	clusters   Clusters // nil if there is one cluster alone
	places     *screen.Places
	picked     *screen.Marks // of the places of clusters
	members    []feed.Member
	show       int // of views
	table      *screen.Listing[feed.Member]
	rules      *screen.Listing[fleet.Difference]
	namespaces *screen.Listing[fleet.Shared]
	comparing  *screen.Work
	compared   compared
	tabs       screen.TabLine // as last drawn
}

// compared is what became of comparing some clusters.
type compared struct {
	of     []feed.Member
	picked int // what the marks were like: [screen.Marks.Changes]
	fleet  *fleet.Fleet
	differ []fleet.Difference
	shared []fleet.Shared
}

// listing is the table of a view.
type listing interface {
	Table() *widget.Table
	Arrange()
	Handle(id keymap.ID)
	Filter(text string) error
	FilterText() string
	Filtered() string
}

// New returns the screen at "fleet"; the address may name a view ("show") and carry a
// filter. Picked are the clusters that are marked, by their places; they outlive the
// screen, as the clusters do.
func New(address nav.Address, clusters Clusters, places *screen.Places, picked *screen.Marks) *Screen {
	s := &Screen{clusters: clusters, places: places, picked: picked}
	query := maps.Clone(address.Query)
	delete(query, "show")
	s.show = max(0, slices.Index(views(), address.Query["show"]))
	asked := make([]string, len(views()))
	asked[s.show] = screen.FilterOf(nav.Address{Query: query})
	s.table = screen.NewListing(clusterColumns(), asked[showClusters], func(kept []feed.Member) widget.Rows { return clusterRows{s, kept} })
	s.rules = screen.NewListing(ruleColumns(s), asked[showRules], func(kept []fleet.Difference) widget.Rows { return ruleRows{s, kept} })
	s.namespaces = screen.NewListing(namespaceColumns(s), asked[showNamespaces], func(kept []fleet.Shared) widget.Rows { return namespaceRows{s, kept} })
	s.table.Table().SetMarks(picked)
	s.comparing = screen.NewWork(s.compare)
	return s
}

// Address returns "fleet", with the view and the filter if they are not as at first.
func (s *Screen) Address() nav.Address {
	a := nav.Address{Screen: "fleet"}
	if s.show != showClusters {
		a.Query = map[string]string{"show": views()[s.show]}
	}
	return screen.WithFilter(a, s.FilterText())
}

// Title returns the screen's part of the path.
func (s *Screen) Title() string { return "Fleet" }

// Keys returns the scopes of the screen.
func (s *Screen) Keys() []keymap.Scope { return []keymap.Scope{keymap.Table} }

// Hints returns what the footer should say.
func (s *Screen) Hints() []keymap.ID {
	if s.show != showClusters {
		return []keymap.ID{keymap.Open, keymap.NextFocus, keymap.Filter, keymap.Sort, keymap.Back, keymap.Help, keymap.Quit}
	}
	return []keymap.ID{keymap.Open, keymap.Mark, keymap.NextFocus, keymap.Refresh, keymap.Filter, keymap.Sort, keymap.Contexts, keymap.Help, keymap.Quit}
}

// Resize takes the size, and the clusters as they are: it is called whenever there is
// something new of them.
func (s *Screen) Resize(f screen.Frame) {
	s.frame = f
	if s.clusters == nil {
		return
	}
	s.members = s.clusters.Members()
	s.table.List(s.members)
	s.renew()
}

// Show needs nothing of what is looked at.
func (s *Screen) Show(*score.Assessment) {}

// Work returns the comparing.
func (s *Screen) Work() []*screen.Work { return []*screen.Work{s.comparing} }

// renew has the clusters compared if any of them, or which of them, is other than before.
func (s *Screen) renew() {
	of := s.chosen()
	if s.compared.fleet == nil || s.compared.picked != s.picked.Changes() || !slices.EqualFunc(of, s.compared.of, sameStanding) {
		s.comparing.Renew(screen.Many)
	}
}

func sameStanding(a, b feed.Member) bool { return a.Place == b.Place && a.Standing == b.Standing }

// chosen are the clusters to compare: two that are marked, or else all.
func (s *Screen) chosen() []feed.Member {
	var marked []feed.Member
	for _, m := range s.members {
		if s.picked.Has(m.Place) {
			marked = append(marked, m)
		}
	}
	if len(marked) == 2 {
		return marked
	}
	return s.members
}

// compare returns the job that compares the clusters as they are.
func (s *Screen) compare() screen.Job {
	of, picked := s.chosen(), s.picked.Changes()
	rest := s.compared.fleet != nil && s.compared.picked == picked
	return func(ctx context.Context) func() {
		if rest && !screen.Rest(ctx) {
			return nil
		}
		c := compared{of: of, picked: picked, fleet: &fleet.Fleet{}}
		for _, m := range of {
			c.fleet.Clusters = append(c.fleet.Clusters, m.Cluster())
		}
		c.differ, c.shared = c.fleet.Differences(), c.fleet.Shared()
		return func() {
			s.compared = c
			s.rules.List(c.differ)
			s.namespaces.List(c.shared)
			s.renew()
		}
	}
}

// Refresh asks at once those that do not answer.
func (s *Screen) Refresh() {
	if s.clusters != nil {
		s.clusters.Retry()
	}
}

// at is the table of the shown view.
func (s *Screen) at() listing {
	return []listing{s.table, s.rules, s.namespaces}[s.show]
}

// Act moves the cursor, marks, turns to another view or goes into a cluster.
func (s *Screen) Act(id keymap.ID) tea.Cmd {
	switch id {
	case keymap.NextFocus, keymap.PrevFocus:
		by := 1
		if id == keymap.PrevFocus {
			by = len(views()) - 1
		}
		s.show = (s.show + by) % len(views())
	case keymap.Open:
		return s.open()
	default:
		s.at().Handle(id)
		s.renew()
	}
	return nil
}

// open goes into the cluster under the cursor, or the one where what is under it is worst.
func (s *Screen) open() tea.Cmd {
	look := screen.LookMsg{}
	switch s.show {
	case showClusters:
		m, ok := s.table.Selected()
		if !ok {
			return nil
		}
		look.Place = m.Place
	case showRules:
		d, ok := s.rules.Selected()
		if !ok {
			return nil
		}
		worst := 0
		for i, r := range d.In {
			if r.Open > d.In[worst].Open {
				worst = i
			}
		}
		look = screen.LookMsg{Place: s.compared.of[worst].Place, At: screen.WithFilter(nav.Address{Screen: "findings"}, "rule="+d.ID).String()}
	default:
		n, ok := s.namespaces.Selected()
		if !ok {
			return nil
		}
		look = screen.LookMsg{Place: s.compared.of[n.Low].Place, At: nav.Address{Screen: "ns", Target: n.Name}.String()}
	}
	return func() tea.Msg { return look }
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
		s.show = view
	}
	return "", there
}
