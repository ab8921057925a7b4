// Package finding is the screen of one finding: what is wrong, why it matters,
// the evidence, what it costs, and the change that clears it.
//
// The change is computed from the object of the view by package fix, and only
// shown: nothing here can write to a cluster. What a fix of access would do to who
// can do what, package proof says in the background. What the server would say of the
// change it is asked when the user wants to know, and its answer is dropped as soon as
// another change is shown.
package finding

import (
	"context"
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// Screen is one finding.
type Screen struct {
	frame   screen.Frame
	key     string // see screen.FindingKeys
	shown   *score.Assessment
	finding *score.Finding   // the newest there was; nil if there never was one
	around  []*score.Finding // those of its namespace, worst first, with it among them
	placed  placed           // what around and gain are about
	gone    bool             // it was there, and is no more
	placing *screen.Work     // finds around and gain
	curing  *screen.Work     // finds fixes
	proving *screen.Work     // finds proof
	proof   proven           // what the chosen fix would do
	asked   provable         // what proving was asked for
	gain    string           // what clearing it would bring
	detail  widget.Lines
	change  widget.Diff
	patch   string      // what the change reads, "" for none
	instead string      // what is said where there is none
	fixes   []audit.Fix // of the finding, best first
	blank   *audit.Fix  // what a person would have to fill in, nil for nothing
	cured   bool        // fixes are those of the finding: they have been asked for
	choice  int         // which of them is shown
	// proposed reports that the change box shows patch or instead.
	proposed bool
	onFix    bool // the change has the focus
	marks    *screen.Marks
	width    int            // of the change, as last drawn
	server   *screen.DryRun // what the server says of the change
	tried    string         // the change that it is asked about, as patch has it
	relating *screen.Work   // finds related
	related  *related       // nil while it is not known, and where it has no room
	beside   widget.Lines   // what is related
}

// placed is a finding as it was when its place was found.
type placed struct {
	finding *score.Finding
	gone    bool
}

// New returns the screen at finding/ID, which can be marked.
func New(address nav.Address, marks *screen.Marks) *Screen {
	s := &Screen{key: address.Target, marks: marks}
	s.change.SetSides(true)
	s.placing = screen.NewWork(s.place)
	s.curing = screen.NewWork(s.cure)
	s.proving = screen.NewWork(s.prove)
	s.relating = screen.NewWork(s.relate)
	s.server = screen.NewDryRun(func() { s.detail.Update(s.describe) })
	return s
}

// Address returns where the screen is.
func (s *Screen) Address() nav.Address { return nav.Address{Screen: "finding", Target: s.key} }

// Title returns the screen's part of the path.
func (s *Screen) Title() string {
	if s.finding == nil {
		return "finding"
	}
	title := s.finding.Rule.ID + " " + s.finding.Subject.Short()
	at := slices.Index(s.around, s.finding)
	if s.gone || at < 0 {
		return title
	}
	return fmt.Sprintf("%s (%d of %d)", title, at+1, len(s.around))
}

// Keys returns the scopes of the screen.
func (s *Screen) Keys() []keymap.Scope { return []keymap.Scope{keymap.Table} }

// Hints returns what the footer should say.
func (s *Screen) Hints() []keymap.ID {
	if s.finding == nil {
		return []keymap.ID{keymap.Back, keymap.Help, keymap.Quit}
	}
	hints := []keymap.ID{keymap.Next, keymap.Previous, keymap.Back, keymap.Mark}
	if s.patch != "" {
		hints = append(hints, keymap.Copy, keymap.Sides)
	}
	if len(s.fixes) > 1 && !s.gone {
		hints = append(hints, keymap.NextFix)
	}
	hints = append(hints, keymap.NextFocus, keymap.Help, keymap.Quit, keymap.Plan)
	if s.triable() {
		hints = append(hints, keymap.DryRun)
	}
	return append(hints, keymap.Object, keymap.Paths, keymap.Filter)
}

// Resize takes the size.
func (s *Screen) Resize(f screen.Frame) { s.frame = f }

// Show takes the newest assessment.
func (s *Screen) Show(a *score.Assessment) {
	s.shown = a
	f := screen.FindFinding(a, s.key)
	s.gone = f == nil && s.finding != nil
	if f != nil {
		s.finding = f
	}
	if s.finding == nil {
		return
	}
	if s.placed != (placed{s.finding, s.gone}) {
		s.placing.Renew(len(s.finding.Home().Findings))
	}
	s.curing.Renew(s.effort())
	if s.frame.Width >= relatedFrom {
		s.relating.Renew(s.shown.Count())
	}
	s.askForProof()
	s.detail.Update(s.describe)
	s.propose()
}

// effort is about how many subjects a rule looks at to say what clears one finding.
func (s *Screen) effort() int {
	if s.finding.Rule.Whole() {
		return screen.Many
	}
	return 1
}

// Work returns the searches for what is around, for what clears the finding and for
// what that would do, and the question to the server.
func (s *Screen) Work() []*screen.Work {
	return []*screen.Work{s.placing, s.curing, s.proving, s.relating, s.server.Work()}
}

// cure returns the job that asks the rule what clears the finding, as the object
// is now.
func (s *Screen) cure() screen.Job {
	f, cluster := s.finding, s.shown.Cluster
	if s.gone {
		return nil
	}
	again := s.cured && f.Rule.Whole()
	return func(ctx context.Context) func() {
		if again && !screen.Rest(ctx) {
			return nil
		}
		fixer := audit.NewFixer(cluster)
		fixes, blank := fixer.Fixes(f.Placed), fixer.Placeholder(f.Placed)
		return func() {
			s.fixes, s.blank, s.cured = fixes, blank, true
			s.choice = min(s.choice, max(0, len(fixes)-1))
			s.askForProof()
			s.detail.Update(s.describe)
			s.propose()
		}
	}
}

// place returns the job that says where among the others of its namespace the
// finding stands, and what clearing it would gain.
func (s *Screen) place() screen.Job {
	f, gone := s.finding, s.gone
	return func(context.Context) func() {
		around := slices.Clone(f.Home().Findings)
		slices.SortStableFunc(around, screen.CompareFindings)
		gain := ""
		if !gone {
			gain = gains(f)
		}
		return func() {
			s.around, s.gain, s.placed = around, gain, placed{f, gone}
			s.detail.Update(s.describe)
		}
	}
}

// Act does what a key means.
func (s *Screen) Act(id keymap.ID) tea.Cmd {
	switch id {
	case keymap.Next, keymap.Previous:
		return s.next(id)
	case keymap.NextFocus, keymap.PrevFocus:
		s.onFix = !s.onFix
	case keymap.NextFix:
		if s.finding != nil && len(s.fixes) > 1 {
			s.choice = (s.choice + 1) % len(s.fixes)
			s.askForProof()
			s.detail.Update(s.describe) // each fix has its own risk
			s.propose()
		}
	case keymap.Mark, keymap.Sides, keymap.Copy, keymap.Paths:
		return s.use(id)
	case keymap.DryRun:
		return s.dryRun()
	default:
		if s.onFix {
			s.change.Handle(id)
		} else {
			s.detail.Handle(id)
		}
	}
	return nil
}

// next goes to the next place of what is looked for or, where nothing is, to the next
// finding.
func (s *Screen) next(id keymap.ID) tea.Cmd {
	switch {
	case s.detail.Sought() != "":
		return screen.Scroll(&s.detail, id)
	case id == keymap.Next:
		return s.step(1)
	}
	return s.step(-1)
}

// Filter looks for a text in what is told of the finding.
func (s *Screen) Filter(text string) error { return screen.Search(&s.detail, text) }

// FilterText returns what is looked for.
func (s *Screen) FilterText() string { return s.detail.Sought() }

// use does something with the finding, or with its change.
func (s *Screen) use(id keymap.ID) tea.Cmd {
	switch {
	case id == keymap.Sides:
		return screen.TurnSides(&s.change, s.width)
	case id == keymap.Copy && s.patch == "":
		return nav.Notice("there is no patch to copy")
	case id == keymap.Copy:
		return nav.Copy(s.patch, "the patch")
	case s.finding == nil:
		return nil
	case id == keymap.Paths:
		return nav.Open(screen.PathsFromObject(s.finding.Subject).String())
	case !s.marks.Toggle(s.key):
		return nav.Notice(fmt.Sprintf("no more than %d findings are marked at once", screen.MostMarked))
	}
	return nil
}

// Object returns the object of the finding.
func (s *Screen) Object() (kube.Ref, bool) {
	if s.finding == nil {
		return kube.Ref{}, false
	}
	return s.finding.Subject, true
}

// Scope returns the namespace of the finding, "" for the cluster.
func (s *Screen) Scope() string {
	if s.finding == nil {
		return ""
	}
	return s.finding.Home().Name
}

// Fault returns the field at fault.
func (s *Screen) Fault() string { return s.finding.Path }

// step shows the finding after or before this one in its namespace.
func (s *Screen) step(by int) tea.Cmd {
	if s.finding == nil {
		return nil
	}
	at := slices.Index(s.around, s.finding) + by
	if s.placing.Pending() {
		return nav.Notice("the findings of the namespace are still being sorted")
	}
	if at < 0 || at >= len(s.around) {
		return nav.Notice("there is no other finding in this direction")
	}
	next := s.around[at]
	s.key = screen.FindingKey(next, screen.Twins(next.Home().Findings)[next])
	s.choice, s.onFix, s.finding, s.proposed, s.gain = 0, false, nil, false, ""
	s.fixes, s.blank, s.cured, s.proof = nil, nil, false, proven{}
	s.placing.Stop()
	s.curing.Stop()
	s.proving.Stop()
	s.relating.Stop()
	s.related = nil
	s.server.Drop()
	sides := s.change.Sides()
	s.detail, s.change, s.beside = widget.Lines{}, widget.Diff{}, widget.Lines{}
	s.change.SetSides(sides)
	s.Show(s.shown)
	return nil
}
