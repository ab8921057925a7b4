package triage

import (
	"errors"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/audit/triage/briefing"
	"github.com/seaworthy-dev/seaworthy/audit/triage/cause"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// The tabs of an incident by their place.
const (
	summaryTab = iota
	signalsTab
	timelineTab
	blastTab
	textTab
)

// tab is one of the views of an incident.
type tab struct {
	name string // in the address, and in the line of tabs
	key  keymap.ID
}

func tabs() []tab {
	return []tab{
		{"summary", keymap.ShowSummary},
		{"signals", keymap.ShowSignals},
		{"timeline", keymap.ShowTimeline},
		{"blast", keymap.ShowBlast},
		{"text", keymap.ShowText},
	}
}

// tabOf returns the tab that a key shows, -1 for none.
func tabOf(id keymap.ID) int {
	return slices.IndexFunc(tabs(), func(t tab) bool { return t.key == id })
}

// incidentAddress returns the address of a tab of an incident.
func incidentAddress(id string, at int) nav.Address {
	a := nav.Address{Screen: "incident", Target: id}
	if at != summaryTab {
		a.Query = map[string]string{"show": tabs()[at].name}
	}
	return a
}

// Screen is one incident.
type Screen struct {
	frame    screen.Frame
	id       string
	seen     *screen.Acknowledged
	report   *briefing.Report   // nil before the first
	of       *briefing.Briefing // as it was last told of; nil if it never was
	gone     bool               // the newest report does not tell of it
	assessed *score.Assessment
	asking   *asking
	at       int            // the tab that is shown
	tabs     screen.TabLine // as last drawn
	steps    *widget.Table  // what there is to do, below the summary
	signals  *widget.Table
	blast    *widget.Table
	texts    map[int]*widget.Lines
}

// Check says what is wrong with what stands behind "incident/".
func Check(target string) error {
	if target == "" || strings.ContainsAny(target, "/ ") {
		return errors.New("an incident is named by its ID, as in incident/1f3a")
	}
	return nil
}

// New returns the screen at "incident/ID", where incidents are acknowledged, and who knows
// what who looks may do, nil for nobody. "show" in the query is the tab.
func New(address nav.Address, seen *screen.Acknowledged, rights cause.Rights) *Screen {
	s := &Screen{
		id: address.Target, seen: seen, texts: map[int]*widget.Lines{},
		steps: widget.NewTable(stepColumns()), signals: widget.NewTable(signalColumns()), blast: widget.NewTable(blastColumns()),
	}
	s.at = max(0, slices.IndexFunc(tabs(), func(t tab) bool { return t.name == address.Query["show"] }))
	for _, at := range []int{summaryTab, timelineTab, textTab} {
		s.texts[at] = &widget.Lines{}
	}
	s.asking = newAsking(rights, s.write)
	return s
}

// Address returns where the screen is, with the tab that is shown.
func (s *Screen) Address() nav.Address { return incidentAddress(s.id, s.at) }

// Title returns the screen's part of the path.
func (s *Screen) Title() string { return "incident " + s.id }

// Keys returns the scopes of the screen.
func (s *Screen) Keys() []keymap.Scope { return []keymap.Scope{keymap.InTriage, keymap.Table} }

// Hints returns what the footer should say.
func (s *Screen) Hints() []keymap.ID {
	return []keymap.ID{
		keymap.Back, keymap.NextFocus, keymap.Open, keymap.Logs, keymap.Copy, keymap.CopyIncident, keymap.Acknowledge,
		keymap.Events, keymap.Object, keymap.Workload, keymap.Help, keymap.Quit,
	}
}

// Resize takes the size.
func (s *Screen) Resize(f screen.Frame) {
	other := s.frame.Styles != f.Styles || s.frame.Height != f.Height
	if s.frame = f; other && s.of != nil {
		s.write()
	}
}

// Respond takes the newest report.
func (s *Screen) Respond(r *briefing.Report) {
	s.report = r
	if r == nil {
		return
	}
	b := r.Find(s.id)
	if s.gone = b == nil; s.gone {
		return
	}
	s.of = b
	s.asking.turn(b)
	s.write()
}

// Show takes the newest assessment.
func (s *Screen) Show(a *score.Assessment) {
	if s.assessed = a; s.of != nil {
		s.write()
	}
}

// Work returns the asking about the incident.
func (s *Screen) Work() []*screen.Work { return s.asking.works() }

// write puts down what is known now.
func (s *Screen) write() {
	st, b, a, now := s.frame.Styles, s.of, s.asking.answer, s.report.Time
	seen := s.seen.Has(b.Incident)
	evidence := 3 // lines of each side
	if s.frame.Height < tallFrom {
		evidence = 1
	}
	s.texts[summaryTab].Update(func(st *style.Styles, width int) []string { return summaryLines(st, b, a, now, seen, width, evidence) })
	s.texts[timelineTab].Update(func(st *style.Styles, width int) []string {
		var lines []string
		for _, e := range timeline(st, a, b, now, b.Since.Add(-briefing.Window)) {
			lines = append(lines, e.draw(st, now, width, false)...)
		}
		return lines
	})
	s.texts[textTab].Update(func(st *style.Styles, width int) []string { return textLines(st, b, a, now, width) })
	s.steps.SetRows(stepRows{st, stepsOf(b, a, s.assessed)})
	s.signals.SetRows(signalRows{st, b, now})
	s.blast.SetRows(blastRows{st, a})
}

// Object returns what the cursor is on, else what shows first what is wrong.
func (s *Screen) Object() (kube.Ref, bool) {
	if s.of == nil {
		return kube.Ref{}, false
	}
	switch s.at {
	case summaryTab:
		if step, ok := s.step(); ok && step.finding != nil {
			return step.finding.Subject, true
		} else if ok && !step.object.IsZero() {
			return step.object, true
		}
	case signalsTab:
		if _, i, ok := s.signals.Selected(); ok && i < len(s.of.Signals) {
			return s.of.Signals[i].Object, true
		}
	case blastTab:
		if _, i, ok := s.blast.Selected(); ok && s.asking.answer != nil && i < len(s.asking.answer.radius.Dependents) {
			return s.asking.answer.radius.Dependents[i].Object, true
		}
	}
	return rootOf(s.of)
}

// step returns what the cursor is on below the summary, false if that is nothing.
func (s *Screen) step() (step, bool) {
	all := stepsOf(s.of, s.asking.answer, s.assessed)
	if _, i, ok := s.steps.Selected(); ok && i < len(all) {
		return all[i], true
	}
	return step{}, false
}

// Act does what a key means.
func (s *Screen) Act(id keymap.ID) tea.Cmd {
	if to := tabOf(id); to >= 0 {
		s.at = to
		return nil
	}
	count := len(tabs())
	switch id {
	case keymap.NextFocus:
		s.at = (s.at + 1) % count
	case keymap.PrevFocus:
		s.at = (s.at + count - 1) % count
	case keymap.Freeze, keymap.Window:
		return nav.Notice("that is for the list of incidents")
	default:
		return s.act(id)
	}
	return nil
}

// act does what a key means for the incident.
func (s *Screen) act(id keymap.ID) tea.Cmd {
	switch {
	case s.of == nil:
		return nil
	case id == keymap.Open:
		return s.open()
	}
	if cmd, known := actOnIncident(s.of, s.report.Time, s.asking, s.command(), id); known {
		return cmd
	}
	s.handle(id)
	return nil
}

// command is the place of the command under the cursor among those of the likeliest
// cause, the first if there is none.
func (s *Screen) command() int {
	if step, ok := s.step(); ok && s.at == summaryTab && step.command >= 0 {
		return step.command
	}
	return 0
}

// handle does what a key asks of the tab that is shown.
func (s *Screen) handle(id keymap.ID) {
	switch s.at {
	case summaryTab:
		if id == keymap.HalfDown || id == keymap.HalfUp {
			s.texts[summaryTab].Handle(id)
			return
		}
		s.steps.Handle(id)
	case signalsTab:
		s.signals.Handle(id)
	case blastTab:
		s.blast.Handle(id)
	default:
		s.texts[s.at].Handle(id)
	}
}

// open opens what the cursor is on: a finding, a workload, or the object itself. A
// command is copied: nothing is run from here.
func (s *Screen) open() tea.Cmd {
	if step, ok := s.step(); ok && s.at == summaryTab {
		switch {
		case step.finding != nil:
			return nav.Open(nav.Address{Screen: "finding", Target: screen.FindingKey(step.finding, 0)}.String())
		case step.command >= 0:
			return s.Act(keymap.Copy)
		}
	}
	ref, ok := s.Object()
	if !ok {
		return nav.Notice("there is nothing to open")
	}
	if workload := s.report.Cluster.Workload(ref); workload != nil {
		return nav.Open(screen.WorkloadAddress(workload.Ref).String())
	}
	return nav.Open(screen.ObjectAddress(ref).String())
}

// Note says that the incident is told of no more.
func (s *Screen) Note() string {
	switch {
	case s.of == nil:
		return ""
	case s.gone:
		return "no longer told of: it is over since more than half an hour"
	}
	return stateOf(s.of.Incident, s.seen.Has(s.of.Incident))
}
