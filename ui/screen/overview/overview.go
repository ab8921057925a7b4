// Package overview is the first screen: how the cluster is, and where it is
// worst.
//
// It shows the cluster's score and its categories above the table of namespaces, and
// where there is room what gains most, the heat map, the namespace under the cursor
// and what came and went since the session began. It judges nothing itself and knows
// no other screen; a new column is a line in columns.go, a new box one in view.go.
package overview

import (
	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// Screen is the overview.
type Screen struct {
	frame  screen.Frame
	shown  *score.Assessment
	table  *widget.Table
	filter screen.Filtering
	asked  string // the address's filter, until the fields are known
	// refused is what is wrong with it.
	refused error
	gains   gains         // what gains most, as last searched
	search  *screen.Work  // for the gains
	read    *kube.Cluster // the newest view
	counts  score.Counts  // findings of all namespaces
	// worst are the findings of worstOf, the namespace last under the cursor.
	worstOf *score.Namespace
	worst   []*score.Finding
	// worstKeys name them, to tell which are marked.
	worstKeys []string
	marks     *screen.Marks
	ranking   *screen.Work // of the worst
	rows      *rows
	figures   *screen.Figures
	trends    screen.Trends
	course    int // the width of a trend in the table, 0 while there is none
	// matching is how many namespaces the filter lets through.
	matching int

	settled bool   // the cluster was read once, from then on the cursor follows
	topmost string // the key at the top until then
}

// New returns the overview; the address may carry a filter. Of the marks it shows those
// of the findings that it names.
func New(address nav.Address, marks *screen.Marks, trends screen.Trends) *Screen {
	s := &Screen{marks: marks, trends: trends, table: widget.NewTable(nil), asked: screen.FilterOf(address)}
	s.table.SortBy("score", false)
	s.search, s.ranking = screen.NewWork(s.searchGains), screen.NewWork(s.rank)
	return s
}

// Address returns "overview", with the filter if there is one.
func (s *Screen) Address() nav.Address {
	return screen.WithFilter(nav.Address{Screen: "overview"}, s.filter.Text())
}

// Title returns the screen's part of the path.
func (s *Screen) Title() string { return "Overview" }

// Keys returns the scopes of the screen.
func (s *Screen) Keys() []keymap.Scope { return []keymap.Scope{keymap.Overview, keymap.Table} }

// Hints returns what the footer should say.
func (s *Screen) Hints() []keymap.ID {
	hints := []keymap.ID{keymap.Filter, keymap.Sort, keymap.Help, keymap.Quit, keymap.Command, keymap.HeatMap, keymap.Triage, keymap.Paths, keymap.Reverse, keymap.Wide}
	if _, _, ok := s.table.Selected(); ok {
		hints = append([]keymap.ID{keymap.Open}, hints...)
	}
	return hints
}

// Resize takes the size.
func (s *Screen) Resize(f screen.Frame) { s.frame = f }

// Read takes the newest view.
func (s *Screen) Read(c *kube.Cluster) { s.read = c }

// Work returns the search for what gains most, and for what is worst in the
// namespace under the cursor.
func (s *Screen) Work() []*screen.Work { return []*screen.Work{s.search, s.ranking} }

// look has what stands beside the table brought up to date.
func (s *Screen) look() {
	if s.frame.Width >= rightFrom && s.gains.of != s.shown {
		s.search.Renew(searched(s.shown))
	}
	if n := s.selected(); s.frame.Width >= rightFrom && n != nil && n != s.worstOf {
		s.ranking.Restart(len(n.Findings))
	}
}

// Show takes the newest assessment.
func (s *Screen) Show(a *score.Assessment) {
	defer s.look()
	course, styles := s.courseWidth(), s.frame.Styles
	if s.shown == a && s.course == course && s.rows.styles == styles {
		return // only the size has changed
	}
	s.shown, s.course = a, course
	if s.asked != "" {
		s.refused = s.filter.Set(s.asked, screen.NamespaceFields(a))
		s.asked = ""
	}
	s.counts = score.Counts{}
	for _, n := range a.Namespaces {
		for severity, count := range n.Counts {
			s.counts[severity] += count
		}
	}
	s.table.SetColumns(columns(a, s.course))
	selected, _, _ := s.table.Selected()
	s.arrange()
	// While the cluster is read for the first time, rows come above the cursor.
	// Nobody put it there, and what is worst must not scroll away.
	if !s.settled && selected == s.topmost {
		s.table.Handle(keymap.Top)
		s.topmost, _, _ = s.table.Selected()
	}
	s.settled = s.settled || a.Cluster.Settled()
}

// courseWidth is how wide trends are in the table, 0 before there are two moments.
func (s *Screen) courseWidth() int {
	first, newest := s.trends.Span()
	switch w := s.frame.Width; {
	case !newest.After(first):
		return 0
	case w < 100:
		return 6
	case w < 200:
		return 10
	}
	return 20
}

// Act does what a key means.
func (s *Screen) Act(id keymap.ID) tea.Cmd {
	defer s.look()
	switch id {
	case keymap.Open:
		if name, _, ok := s.table.Selected(); ok {
			s.table.Select(name) // what was opened is what the user comes back to
			return nav.Open(nav.Address{Screen: "ns", Target: name}.String())
		}
	case keymap.Paths:
		return s.paths()
	case keymap.HeatMap:
		return nav.Open(nav.Address{Screen: "heatmap"}.String())
	case keymap.Sort, keymap.Reverse:
		s.table.Handle(id)
		s.arrange()
	default:
		s.table.Handle(id)
	}
	return nil
}

// paths opens the paths from what is in the namespace under the cursor; from
// everywhere where that is the cluster.
func (s *Screen) paths() tea.Cmd {
	name, _, ok := s.table.Selected()
	switch {
	case !ok:
		return nil
	case name == score.ClusterWide:
		return nav.Open("paths")
	}
	s.table.Select(name)
	return nav.Open(screen.PathsFromObject(kube.Namespaces.Ref("", name)).String())
}

// Filter shows only the namespaces that a text lets through.
func (s *Screen) Filter(text string) error {
	if err := s.filter.Set(text, screen.NamespaceFields(s.shown)); err != nil {
		return err
	}
	s.refused = nil
	s.arrange()
	s.look()
	return nil
}

// Table returns the table of namespaces.
func (s *Screen) Table() *widget.Table { return s.table }

// Arrange sorts the namespaces anew.
func (s *Screen) Arrange() {
	s.arrange()
	s.look()
}

// FilterText returns the filter in force.
func (s *Screen) FilterText() string { return s.filter.Text() }

// CursorLine returns the line of the cursor.
func (s *Screen) CursorLine() int { return s.table.CursorBelow(s.summary()) }
