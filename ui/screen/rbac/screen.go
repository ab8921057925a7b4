package rbac

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/access/answer"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// view is one of the views that the screen has.
type view struct {
	name    string // in the address and on the screen
	key     keymap.ID
	columns []column
	sortBy  string
	falling bool
	make    func(context.Context, inputs) *sheet
	// needs says of what the rows are made: of nothing else, news are no news.
	needs needs
}

// needs are parts of the inputs.
type needs struct{ view, findings, attack bool }

// The views by their place.
const (
	whoCanView = iota
	subjectView
	escalationView
	viewCount = 6
)

// views are the views in the order of their tabs.
func views() []view {
	return []view{
		{"who-can", keymap.WhoCan, whoCanColumns(), "cost", false, whoCan, needs{view: true, attack: true}},
		{"subject", keymap.Subjects, subjectColumns(), "cost", false, subjects, needs{view: true, attack: true}},
		{"escalation", keymap.Escalation, escalationColumns(), "", false, escalation, needs{attack: true}},
		{"wildcards", keymap.Wildcards, foundColumns(), "", false, findings("Wildcards", aboutWildcards), needs{findings: true}},
		{"stale", keymap.Stale, foundColumns(), "", false, findings("Stale", aboutStale), needs{findings: true}},
		{"aggregated", keymap.Aggregated, aggregatedColumns(), "", false, aggregated, needs{view: true}},
	}
}

// inputs are what a sheet is made of. Parts that a view does not need are not set.
type inputs struct {
	view     *kube.Cluster
	assessed *score.Assessment
	attack   *attack
	question string
	expand   bool
}

// Screen is the explorer.
type Screen struct {
	frame     screen.Frame
	keys      *keymap.Map
	views     []view
	at        int // which view is shown
	tabs      screen.TabLine
	lists     [viewCount]*list
	shown     *score.Assessment
	question  string
	expand    bool
	measure   *measure
	making    *screen.Work
	detailing *screen.Work
	detail    *detail // nil before the first
	asked     string  // the address's filter, until the first assessment
	refused   error   // what is wrong with it
	turned    bool    // another view was chosen, and its rows are not to wait
}

// New returns the screen at "rbac" or "rbac/VIEW". "ask" in the query of who-can is the
// question, all else a filter. The keys are those it names.
func New(address nav.Address, keys *keymap.Map) *Screen {
	s := &Screen{views: views(), question: firstQuestion, keys: keys}
	for i, v := range s.views {
		s.lists[i] = newList(v.columns, s.look)
		s.lists[i].table.SortBy(v.sortBy, v.falling)
		if v.name == address.Target {
			s.at = i
		}
	}
	if text := address.Query["ask"]; text != "" && s.at == whoCanView {
		s.question = text
		address.Query = maps.Clone(address.Query)
		delete(address.Query, "ask")
	}
	s.asked = screen.FilterOf(address)
	s.making, s.detailing = screen.NewWork(s.prepare), screen.NewWork(s.lookUp)
	s.measure = newMeasure(func() *kube.Cluster { return s.shown.Cluster }, func() { s.making.Restart(screen.Many); s.look() })
	return s
}

// list is that of the view that is shown.
func (s *Screen) list() *list { return s.lists[s.at] }

// Address returns where the screen is.
func (s *Screen) Address() nav.Address {
	a := screen.WithFilter(nav.Address{Screen: "rbac", Target: s.views[s.at].name, Query: map[string]string{}}, s.FilterText())
	if text := s.Question(); text != "" && s.at == whoCanView {
		a.Query["ask"] = text
	}
	return a
}

// Title returns the screen's part of the path.
func (s *Screen) Title() string { return "RBAC " + s.views[s.at].name }

// Keys returns the scopes of the screen.
func (s *Screen) Keys() []keymap.Scope {
	return []keymap.Scope{keymap.Access, keymap.Asking, keymap.Table}
}

// Hints returns what the footer should say.
func (s *Screen) Hints() []keymap.ID {
	hints := []keymap.ID{keymap.Filter, keymap.NextFocus, keymap.Back, keymap.Help, keymap.Sort, keymap.Quit}
	if s.at == whoCanView {
		hints = slices.Insert(hints, 2, keymap.Expand)
		hints = slices.Insert(hints, 0, keymap.Ask)
	}
	if r := s.list().selected(); r != nil {
		hints = append([]keymap.ID{keymap.Open, keymap.Paths}, hints...)
	}
	return hints
}

// Resize takes the size.
func (s *Screen) Resize(f screen.Frame) {
	s.frame = f
	for _, l := range s.lists {
		l.styles = f.Styles
	}
}

// Show takes the newest assessment.
func (s *Screen) Show(a *score.Assessment) {
	defer s.look() // another size may have room for more
	if s.shown == a {
		return
	}
	s.shown = a
	if s.asked != "" {
		s.refused = s.list().set(s.asked)
		s.asked = ""
	}
	s.measure.work.Renew(screen.Many)
	s.making.Renew(screen.Many)
}

// Work returns the measuring of ways, the making of the rows, their order, and what
// stands beside.
func (s *Screen) Work() []*screen.Work {
	return []*screen.Work{s.making, s.measure.work, s.list().arranging, s.detailing}
}

// inputs are those of the view that is shown.
func (s *Screen) inputs() inputs {
	var in inputs
	need := s.views[s.at].needs
	if need.view || need.findings {
		in.view = s.shown.Cluster
	}
	if need.findings {
		in.assessed = s.shown
	}
	if need.attack {
		in.attack = s.measure.newest
	}
	if s.at == whoCanView {
		in.question, in.expand = s.question, s.expand
	}
	return in
}

// prepare returns the job that makes the rows of the view that is shown. News wait;
// what the user asked for does not.
func (s *Screen) prepare() screen.Job {
	in, v, l := s.inputs(), s.views[s.at], s.list()
	before := l.sheet
	switch {
	case before != nil && before.in == in:
		return nil
	case s.at == escalationView && in.attack == nil:
		return nil // it is asked for again when they are measured
	}
	news := before != nil && before.in.attack == in.attack && before.in.question == in.question && before.in.expand == in.expand && !s.turned
	s.turned = false
	return func(ctx context.Context) func() {
		if news && !screen.Rest(ctx) {
			return nil
		}
		made := v.make(ctx, in)
		if made == nil {
			return nil
		}
		return func() { l.take(made) }
	}
}

// look has what stands beside the rows brought up to date, if it is to be seen.
func (s *Screen) look() {
	if s.shown == nil || !s.besides() {
		return
	}
	r := s.list().selected()
	switch {
	case r == nil:
		s.detail = nil
		s.detailing.Stop()
	case s.detail == nil || !s.detail.of.same(s.asking(r)):
		s.detailing.Restart(screen.Many)
	case s.detail.of.view != s.shown.Cluster:
		s.detailing.Renew(screen.Many)
	}
}

func (s *Screen) asking(r *row) asking {
	return asking{r.key, r.about, s.measure.newest, s.shown.Cluster}
}

// lookUp returns the job that looks up what stands beside the row under the cursor.
func (s *Screen) lookUp() screen.Job {
	r := s.list().selected()
	if r == nil {
		return nil
	}
	a := s.asking(r)
	if a.about.begins && s.list().shown.of.in.attack != a.attack {
		return nil // its number is that of another graph
	}
	news := s.detail != nil && s.detail.of.same(a)
	return func(ctx context.Context) func() {
		if news && !screen.Rest(ctx) {
			return nil
		}
		made := a.look(ctx)
		return func() { s.detail = made }
	}
}

// Act does what a key means.
func (s *Screen) Act(id keymap.ID) tea.Cmd {
	if i := slices.IndexFunc(s.views, func(v view) bool { return v.key == id }); i >= 0 {
		s.turn(i)
		return nil
	}
	l := s.list()
	switch id {
	case keymap.NextFocus:
		s.turn((s.at + 1) % len(s.views))
	case keymap.PrevFocus:
		s.turn((s.at + len(s.views) - 1) % len(s.views))
	case keymap.Expand:
		if s.at != whoCanView {
			return nav.Notice("only " + s.views[whoCanView].name + " shows who is in groups")
		}
		s.expand = !s.expand
		s.making.Restart(screen.Many)
	case keymap.Open:
		open, _ := l.leads()
		return goTo(open)
	case keymap.Paths:
		_, paths := l.leads()
		return goTo(paths)
	case keymap.Ask:
		if s.at != whoCanView {
			s.turn(whoCanView)
		}
	case keymap.Copy:
		return s.copy()
	default:
		l.handle(id)
		s.look()
	}
	return nil
}

// goTo opens an address, if there is one.
func goTo(a nav.Address) tea.Cmd {
	if a.Screen == "" {
		return nav.Notice("there is nothing to open")
	}
	return nav.Open(a.String())
}

// turn shows another view.
func (s *Screen) turn(to int) {
	s.list().arranging.Stop()
	s.list().age()
	s.at, s.refused, s.detail, s.turned = to, nil, nil, true
	s.making.Restart(screen.Many)
	s.list().restart()
	s.look()
}

// copy copies the row under the cursor, with its way where that is seen.
func (s *Screen) copy() tea.Cmd {
	r := s.list().selected()
	if r == nil {
		return nav.Notice("there is nothing to copy")
	}
	words := make([]string, len(r.cells))
	for i, c := range r.cells {
		words[i] = strings.TrimSpace(c.text)
	}
	text, what := strings.Join(words, "\t")+"\n", "the row"
	if d := s.detail; d != nil && d.leads && d.of.key == r.key {
		text, what = fmt.Sprintf("%s: %s\n%s", d.told.Start, d.told.Measure(), d.told.Text()), "the way"
	}
	return nav.Copy(text, what)
}

// Filter shows only the rows that a text lets through.
func (s *Screen) Filter(text string) error {
	if err := s.list().set(text); err != nil {
		return err
	}
	s.refused = nil
	return nil
}

// FilterText returns the filter in force.
func (s *Screen) FilterText() string { return s.list().filter.Text() }

// Asks is what stands before the question.
func (s *Screen) Asks() string { return "who can" }

// Ask asks who can do something, of whichever view is shown.
func (s *Screen) Ask(text string) error {
	if text = strings.TrimSpace(text); text == "" {
		text = firstQuestion
	}
	asking, err := answer.Parse(text)
	if err != nil {
		return err
	}
	// What there is to ask for is known of the view that was last looked at: to find
	// it out of a newer one is work.
	if made := s.lists[whoCanView].sheet; made != nil && made.in.view != nil && made.wrong == nil {
		if _, _, err := asking.Question(made.in.view); err != nil {
			return err
		}
	}
	s.question = text
	s.making.Restart(screen.Many)
	return nil
}

// Table returns the table of the view that is shown.
func (s *Screen) Table() *widget.Table { return s.list().table }

// Arrange sorts its rows anew.
func (s *Screen) Arrange() { s.list().restart() }

// Question returns the question of who-can, "" for the first.
func (s *Screen) Question() string {
	if s.question == firstQuestion {
		return ""
	}
	return s.question
}
