package workload

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/access/answer"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// The panes, as the address names them.
const (
	findingsPane   = "findings"
	podsPane       = "pods"
	containersPane = "containers"
	networkPane    = "network"
	identityPane   = "identity"
)

// panes are the panes in the order in which the focus goes through them.
func panes() []string {
	return []string{findingsPane, podsPane, containersPane, networkPane, identityPane}
}

// Screen is one workload.
type Screen struct {
	frame     screen.Frame
	of        name
	shown     *score.Assessment
	facts     *facts       // nil before the first
	gathering *screen.Work // of the next facts
	history   map[string][]sample
	at        int            // the pane that has the focus
	tabs      screen.TabLine // as last drawn
	findings  *widget.Table
	pods      *widget.Table
	texts     map[string]*widget.Lines
	marks     *screen.Marks
}

// Check says what is wrong with what stands behind "workload/".
func Check(target string) error {
	_, err := parse(target)
	return err
}

func parse(target string) (name, error) {
	parts := strings.Split(target, "/")
	switch {
	case slices.Contains(parts, ""):
	case len(parts) == 2:
		return name{kind: parts[0], name: parts[1]}, nil
	case len(parts) == 3:
		return name{parts[0], parts[1], parts[2]}, nil
	}
	return name{}, errors.New("a workload is named as in workload/Deployment/payments/api")
}

// New returns the screen at "workload/KIND/NAMESPACE/NAME", where marks are set. "show" in
// the query is the pane that has the focus.
func New(address nav.Address, marks *screen.Marks) *Screen {
	s := &Screen{marks: marks, texts: map[string]*widget.Lines{}}
	s.of, _ = parse(address.Target) // the route has checked it
	s.at = max(0, slices.Index(panes(), address.Query["show"]))
	s.findings, s.pods = widget.NewTable(findingColumns()), widget.NewTable(podColumns())
	s.findings.SetMarks(marks)
	s.findings.SortBy("sev", true)
	s.pods.SortBy("state", false)
	for _, pane := range []string{containersPane, networkPane, identityPane} {
		s.texts[pane] = &widget.Lines{}
	}
	s.gathering = screen.NewWork(s.gather)
	return s
}

// Address returns where the screen is, with the pane that has the focus.
func (s *Screen) Address() nav.Address {
	a := nav.Address{Screen: "workload", Target: s.of.kind + "/" + s.of.namespace + "/" + s.of.name}
	if s.of.namespace == "" {
		a.Target = s.of.kind + "/" + s.of.name
	}
	if s.at > 0 {
		a.Query = map[string]string{"show": s.pane()}
	}
	return a
}

// pane is the name of the pane that has the focus.
func (s *Screen) pane() string { return panes()[s.at] }

// Title returns the screen's part of the path.
func (s *Screen) Title() string {
	if w := s.workload(); w != nil {
		return w.Ref.Short()
	}
	return s.of.kind + " " + s.of.name
}

// Keys returns the scopes of the screen.
func (s *Screen) Keys() []keymap.Scope { return []keymap.Scope{keymap.Table} }

// Hints returns what the footer should say.
func (s *Screen) Hints() []keymap.ID {
	hints := []keymap.ID{keymap.NextFocus, keymap.Back, keymap.Paths, keymap.Copy, keymap.Help, keymap.Quit}
	switch s.pane() {
	case findingsPane:
		hints = append([]keymap.ID{keymap.Open, keymap.Mark}, append(hints, keymap.Sort, keymap.MarkAll, keymap.Plan)...)
	case podsPane:
		hints = append(hints, keymap.Sort, keymap.Reverse)
	case identityPane:
		hints = append([]keymap.ID{keymap.Open}, hints...)
	}
	return hints
}

// Resize takes the size.
func (s *Screen) Resize(f screen.Frame) {
	restyled := s.frame.Styles != f.Styles
	if s.frame = f; restyled && s.facts != nil {
		s.take(s.facts)
	}
}

// Show takes the newest assessment.
func (s *Screen) Show(a *score.Assessment) {
	s.shown = a
	s.gathering.Renew(s.effort())
}

// effort is about how many rows are looked at to gather the facts.
func (s *Screen) effort() int {
	n := len(s.shown.Cluster.Pods.In(s.of.namespace)) + len(s.shown.Cluster.WorkloadsIn(s.of.namespace))
	if home := s.shown.Namespace(s.of.namespace); home != nil {
		n += len(home.Findings)
	}
	return n
}

// Work returns the gathering of facts.
func (s *Screen) Work() []*screen.Work { return []*screen.Work{s.gathering} }

// gather returns the job that gathers the facts of what is shown now.
func (s *Screen) gather() screen.Job {
	in := inputs{shown: s.shown, of: s.of}
	in.findings.column, in.findings.descending = s.findings.SortedBy()
	in.pods.column, in.pods.descending = s.pods.SortedBy()
	if s.facts != nil && s.facts.in == in {
		return nil
	}
	history := s.history
	return func(ctx context.Context) func() {
		made := gather(ctx, in, history)
		if made == nil {
			return nil
		}
		return func() { s.take(made) }
	}
}

// take shows facts.
func (s *Screen) take(made *facts) {
	s.facts = made
	if made.workload != nil {
		s.history = remember(s.history, made.samples)
	}
	s.findings.SetRows(findingRows{made, s.frame.Styles})
	s.pods.SetRows(podRows{made, s.frame.Styles})
	for pane, lines := range s.texts {
		entries := made.texts[pane]
		lines.Update(func(st *style.Styles, width int) []string { return draw(st, entries, width) })
	}
}

// workload is what is shown, nil if it is not there.
func (s *Screen) workload() *kube.Workload {
	if s.facts == nil {
		return nil
	}
	return s.facts.workload
}

// Object returns the pod under the cursor where pods have the focus, else the workload.
func (s *Screen) Object() (kube.Ref, bool) {
	w := s.workload()
	if w == nil {
		return kube.Ref{}, false
	}
	if p := s.pod(); p != nil && s.pane() == podsPane {
		return p.Ref(), true
	}
	return w.Ref, true
}

// pod is the pod under the cursor, nil without one.
func (s *Screen) pod() *kube.Pod {
	_, i, ok := s.pods.Selected()
	if !ok || s.facts == nil || i >= len(s.facts.pods) {
		return nil
	}
	return s.facts.pods[i]
}

// Scope returns the namespace of the workload.
func (s *Screen) Scope() string {
	if w := s.workload(); w != nil {
		return w.Ref.Namespace
	}
	return s.of.namespace
}

// Act does what a key means.
func (s *Screen) Act(id keymap.ID) tea.Cmd {
	switch id {
	case keymap.NextFocus:
		s.at = (s.at + 1) % len(panes())
	case keymap.PrevFocus:
		s.at = (s.at + len(panes()) - 1) % len(panes())
	case keymap.Open:
		return s.open()
	case keymap.Paths:
		return s.paths()
	case keymap.Copy:
		return s.copy()
	case keymap.MarkAll:
		return s.markAll()
	case keymap.Mark:
		if key, _, ok := s.findings.Selected(); ok && s.pane() == findingsPane && s.findings.Handle(id) && s.marks.Len() >= screen.MostMarked && !s.marks.Has(key) {
			return nav.Notice(fmt.Sprintf("no more than %d findings are marked at once", screen.MostMarked))
		}
	default:
		s.handle(id)
	}
	return nil
}

// handle does what a key asks of the pane with the focus.
func (s *Screen) handle(id keymap.ID) {
	table := map[string]*widget.Table{findingsPane: s.findings, podsPane: s.pods}[s.pane()]
	if table == nil {
		s.texts[s.pane()].Handle(id)
		return
	}
	table.Handle(id)
	if (id == keymap.Sort || id == keymap.Reverse) && s.shown != nil {
		s.gathering.Restart(s.effort())
	}
}

// open opens what the cursor is on.
func (s *Screen) open() tea.Cmd {
	w := s.workload()
	switch {
	case w == nil:
	case s.pane() == findingsPane:
		if key, _, ok := s.findings.Selected(); ok {
			s.findings.Move(0) // what was opened is what the user comes back to
			return nav.Open(nav.Address{Screen: "finding", Target: key}.String())
		}
	case s.pane() == identityPane:
		return nav.Open(nav.Address{Screen: "rbac", Target: "subject/" + answer.Subject(s.facts.account())}.String())
	}
	return nav.Notice("there is nothing to open")
}

// paths opens the paths from the workload, or from who it runs as.
func (s *Screen) paths() tea.Cmd {
	w := s.workload()
	switch {
	case w == nil:
		return nil
	case s.pane() == identityPane:
		return nav.Open(screen.PathsFrom(s.facts.account()).String())
	}
	return nav.Open(screen.PathsFromObject(w.Ref).String())
}

// copy copies what the pane with the focus tells; with findings or pods, all of it.
func (s *Screen) copy() tea.Cmd {
	if s.workload() == nil {
		return nav.Notice("there is nothing to copy")
	}
	head := s.facts.workload.Ref.String() + "\n"
	if entries := s.facts.texts[s.pane()]; entries != nil {
		return nav.Copy(head+words(entries), "the "+s.pane())
	}
	told := []string{head + words(s.facts.summary)}
	for _, pane := range panes() {
		if entries := s.facts.texts[pane]; entries != nil {
			told = append(told, words(entries))
		}
	}
	return nav.Copy(strings.Join(told, "\n"), "what is known of it")
}

// markAll marks the findings of the workload.
func (s *Screen) markAll() tea.Cmd {
	if s.facts == nil || len(s.facts.findings) == 0 {
		return nav.Notice("there is nothing to mark")
	}
	all := findingRows{facts: s.facts}
	for i := range s.facts.findings {
		if !s.marks.Add(all.Key(i)) {
			return nav.Notice(fmt.Sprintf("no more than %d findings are marked at once", screen.MostMarked))
		}
	}
	return nil
}
