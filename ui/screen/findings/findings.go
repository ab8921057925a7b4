// Package findings is the screen of many findings: those of a namespace, below
// what the namespace lost in each category, or those of the whole cluster.
//
// It orders, filters and draws what was found; it judges nothing. There may be
// 150,000 findings: the list of them is made in the background (list.go), out of
// the one before, and nothing that a key or a frame does depends on how many there
// are. A new column is a line in columns.go, a new grouping a case in group.go: groups
// are made of the list, which stays as it is, and folding only counts rows anew.
//
// Of a namespace its workloads can be listed instead (workloads.go). Beside the list, or
// below it, stands what is under the cursor (preview.go).
package findings

import (
	"context"
	"fmt"
	"maps"
	"slices"

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
	rows      rows              // those of the list that are not folded
	by        string            // what findings are grouped by, "" for nothing
	unfolded  map[string]bool
	tab       int            // of tabs, where there are some
	tabs      screen.TabLine // as last drawn
	workloads *workloads
	preview   preview
	seeking   *screen.Work // of the cure of what the preview shows
	wanted    wanted
	table     *widget.Table
	filter    screen.Filtering
	asked     string // the address's filter, until the first assessment
	refused   error  // what is wrong with it
	marks     *screen.Marks
}

// The tabs of a namespace.
const (
	findingsTab = iota
	workloadsTab
	tabCount
)

// wanted is whether the user wants the preview: before they say so, it is there where
// there is room for it.
type wanted int

const (
	ifRoom wanted = iota
	always
	never
)

// New returns the screen at "findings" or at "ns/NAME", where marks are set. "group" in
// the query is what findings are grouped by, "show=workloads" lists workloads; all else
// is a filter.
func New(address nav.Address, marks *screen.Marks) *Screen {
	s := &Screen{marks: marks, address: nav.Address{Screen: address.Screen, Target: address.Target}, workloads: newWorkloads()}
	terms := nav.Address{Query: maps.Clone(address.Query)}
	delete(terms.Query, "group")
	delete(terms.Query, "show")
	s.asked = screen.FilterOf(terms)
	if by := address.Query["group"]; slices.Contains(groupings(s.ofNamespace()), by) {
		s.by = by
	}
	if s.ofNamespace() && address.Query["show"] == "workloads" {
		s.tab = workloadsTab
	}
	s.table = widget.NewTable(columns(!s.ofNamespace()))
	s.table.SortBy("sev", true)
	s.table.SetMarks(marks)
	s.listing = screen.NewWork(s.prepare)
	s.workloads.making = screen.NewWork(s.relist)
	s.seeking = screen.NewWork(s.seekCure)
	return s
}

func (s *Screen) ofNamespace() bool { return s.address.Screen == "ns" }

// Address returns where the screen is, with the filter if there is one.
func (s *Screen) Address() nav.Address {
	a := s.address
	a.Query = map[string]string{}
	if text := s.FilterText(); text != "" {
		a.Query["filter"] = text
	}
	if s.by != "" {
		a.Query["group"] = s.by
	}
	if s.tab == workloadsTab {
		a.Query["show"] = "workloads"
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
func (s *Screen) Keys() []keymap.Scope { return []keymap.Scope{keymap.Findings, keymap.Table} }

// Hints returns what the footer should say.
func (s *Screen) Hints() []keymap.ID {
	hints := []keymap.ID{keymap.Back, keymap.Filter, keymap.Sort, keymap.Help, keymap.Quit, keymap.Reverse}
	if s.ofNamespace() {
		hints = slices.Insert(hints, 0, keymap.NextFocus)
	}
	if s.tab == workloadsTab {
		return append([]keymap.ID{keymap.Open}, append(hints, keymap.Paths)...)
	}
	if _, _, ok := s.table.Selected(); ok {
		hints = append(append([]keymap.ID{keymap.Open, keymap.Mark, keymap.Plan}, hints...), keymap.GroupBy, keymap.Preview, keymap.Workload, keymap.Paths, keymap.MarkAll)
	}
	return hints
}

// Resize takes the size.
func (s *Screen) Resize(f screen.Frame) {
	restyled := s.frame.Styles != f.Styles
	if s.frame = f; restyled && s.list != nil {
		s.arrange()
	}
	if restyled && s.workloads.shown != nil {
		s.workloads.table.SetRows(workloadRows{s.workloads.shown, f.Styles})
	}
}

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
	defer s.look() // another size may have room for the preview
	if s.asked != "" {
		s.refused = s.filtering().Set(s.asked, s.fields())
		s.asked = ""
	}
	s.settled = a.Cluster.Settled()
	s.listing.Renew(s.count)
	if s.tab == workloadsTab {
		s.workloads.making.Renew(s.effort())
	}
}

// effort is about how many rows are looked at to list the workloads.
func (s *Screen) effort() int {
	return s.count + len(s.assessed.Cluster.Pods.In(s.address.Target)) + len(s.assessed.Cluster.WorkloadsIn(s.address.Target))
}

// Work returns the making of the lists, and the search for what the preview tells.
func (s *Screen) Work() []*screen.Work {
	return []*screen.Work{s.listing, s.workloads.making, s.seeking}
}

// relist returns the job that lists the workloads of the namespace.
func (s *Screen) relist() screen.Job {
	job := s.workloads.relist(s.assessed, s.address.Target)
	if job == nil {
		return nil
	}
	return func(ctx context.Context) func() {
		take := job(ctx)
		if take == nil {
			return nil
		}
		return func() {
			take()
			s.workloads.table.SetRows(workloadRows{s.workloads.shown, s.frame.Styles})
			s.look()
		}
	}
}

// look turns the preview to what is under the cursor, if it is to be seen.
func (s *Screen) look() {
	if s.assessed == nil || !s.previewed() {
		return
	}
	if s.tab == workloadsTab {
		s.seeking.Stop()
		if c := s.workloads.under(); c != nil {
			s.preview.showListed(c)
		} else {
			s.preview = preview{}
		}
		return
	}
	f := s.selected()
	if g := s.group(); f == nil && g != nil {
		s.seeking.Stop()
		s.preview.showGroup(g, s.list.groups)
		return
	}
	if s.preview.show(f, s.assessed.Cluster) {
		s.seeking.Restart(screen.Many)
	}
}

// seekCure returns the job that looks for what clears the finding in the preview.
func (s *Screen) seekCure() screen.Job {
	f := s.preview.of
	if f == nil {
		return nil
	}
	return seekCure(f, s.preview.cluster, func(c cure) { s.preview.take(f, c) })
}

// prepare returns the job that makes the list of what is asked for now.
func (s *Screen) prepare() screen.Job {
	in := inputs{shown: s.assessed, text: s.filter.Text(), filter: s.filter.Filter(), by: s.by}
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
	regrouped := s.list == nil || s.list.in.by != made.in.by
	if s.list = made; regrouped {
		s.regroup()
	}
	s.arrange()
	s.look()
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
	defer s.look()
	switch {
	case id == keymap.Paths:
		return s.paths()
	case (id == keymap.NextFocus || id == keymap.PrevFocus) && s.ofNamespace():
		s.turn((s.tab + 1) % tabCount)
		return nil
	case s.tab == workloadsTab:
		return s.actOnWorkloads(id)
	}
	switch id {
	case keymap.Open:
		return s.open()
	case keymap.MarkAll:
		return s.markAll()
	case keymap.Mark:
		return s.mark()
	case keymap.Preview:
		s.togglePreview()
	case keymap.GroupBy, keymap.FoldGroup, keymap.FoldGroups:
		return s.actOnGroups(id)
	case keymap.Sort, keymap.Reverse:
		s.table.Handle(id)
		s.listing.Restart(s.count)
	default:
		s.table.Handle(id)
	}
	return nil
}

// togglePreview shows the preview, or takes it away.
func (s *Screen) togglePreview() {
	if s.previewed() {
		s.wanted = never
	} else {
		s.wanted = always
	}
}

// turn shows another tab.
func (s *Screen) turn(to int) {
	s.tab, s.refused = to, nil
	if to == workloadsTab && s.assessed != nil {
		s.workloads.making.Restart(s.effort())
	}
}

// actOnWorkloads does what a key means where workloads are listed.
func (s *Screen) actOnWorkloads(id keymap.ID) tea.Cmd {
	table := s.workloads.table
	switch id {
	case keymap.Preview:
		s.togglePreview()
	case keymap.Open:
		if w := s.workloads.selected(); w != nil {
			table.Move(0)
			return nav.Open(screen.WorkloadAddress(w.Ref).String())
		}
	case keymap.Mark, keymap.MarkAll, keymap.GroupBy, keymap.FoldGroup, keymap.FoldGroups:
		return nav.Notice("only findings can be marked and grouped: tab shows them")
	case keymap.Sort, keymap.Reverse:
		table.Handle(id)
		s.workloads.making.Restart(s.effort())
	default:
		table.Handle(id)
	}
	return nil
}

// open opens the finding under the cursor, or folds the group.
func (s *Screen) open() tea.Cmd {
	key, _, ok := s.table.Selected()
	switch {
	case !ok:
		return nil
	case s.selected() == nil:
		return s.fold()
	}
	s.table.Move(0) // what was opened is what the user comes back to
	return nav.Open(nav.Address{Screen: "finding", Target: key}.String())
}

// mark marks the finding under the cursor, or all of the group.
func (s *Screen) mark() tea.Cmd {
	key, _, ok := s.table.Selected()
	switch {
	case !ok:
		return nil
	case s.selected() == nil:
		return s.markGroup(s.group())
	}
	if s.table.Handle(keymap.Mark); s.marks.Len() >= screen.MostMarked && !s.marks.Has(key) {
		return tooMany()
	}
	return nil
}

// tooMany says that no more can be marked.
func tooMany() tea.Cmd {
	return nav.Notice(fmt.Sprintf("no more than %d findings are marked at once", screen.MostMarked))
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
	for _, f := range s.list.kept {
		if !s.marks.Add(screen.FindingKey(f, s.list.twins[f.Home()][f])) {
			return nav.Notice(fmt.Sprintf("marked the first of %d: no more than %d findings are marked at once", len(s.list.kept), screen.MostMarked))
		}
	}
	return nil
}

// paths opens the paths from the object of the finding under the cursor, or from the
// namespace where there is none.
func (s *Screen) paths() tea.Cmd {
	if ref, ok := s.Object(); ok {
		if s.tab == findingsTab {
			s.table.Move(0)
		}
		return nav.Open(screen.PathsFromObject(ref).String())
	}
	if s.ofNamespace() && s.namespace != nil && s.address.Target != score.ClusterWide {
		return nav.Open(screen.PathsFromObject(kube.Namespaces.Ref("", s.address.Target)).String())
	}
	return nav.Notice("there is nothing that paths could begin at")
}

// selected returns the finding under the cursor, nil if there is none.
func (s *Screen) selected() *score.Finding {
	_, i, ok := s.table.Selected()
	if !ok || s.list == nil || i >= s.rows.Len() {
		return nil
	}
	_, f := s.rows.place(i)
	return f
}

// filtering is the filter of what is listed.
func (s *Screen) filtering() *screen.Filtering {
	if s.tab == workloadsTab {
		return &s.workloads.filter
	}
	return &s.filter
}

func (s *Screen) fields() []widget.Field {
	if s.tab == workloadsTab {
		return workloadFields()
	}
	return fields()
}

// Filter shows only the findings, or the workloads, that a text lets through.
func (s *Screen) Filter(text string) error {
	if err := s.filtering().Set(text, s.fields()); err != nil {
		return err
	}
	s.refused = nil
	if s.tab == workloadsTab {
		s.workloads.making.Restart(s.effort())
	} else {
		s.listing.Restart(s.count)
	}
	return nil
}

// FilterText returns the filter in force.
func (s *Screen) FilterText() string { return s.filtering().Text() }

// CursorLine returns the line of the cursor.
func (s *Screen) CursorLine() int {
	if s.tab == workloadsTab {
		return s.workloads.table.CursorBelow(s.above())
	}
	return s.table.CursorBelow(s.above())
}
