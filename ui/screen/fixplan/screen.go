package fixplan

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// wish is what is to be planned.
type wish struct {
	namespace string  // "" for all
	marked    bool    // what is marked, wherever
	target    float64 // the score to reach, 0 for all fixes
	sparing   bool    // the way to it is sparing with pods
	held      bool    // fixes that delete or cut are taken in
}

// Screen is a plan of fixes.
type Screen struct {
	frame      screen.Frame
	wish       wish
	refused    error // what is wrong with the address
	filter     screen.Filtering
	kept       []row // of the plan that is shown: those that the filter lets through
	unfiltered error // what is wrong with the filter of the address
	marks      *screen.Marks
	seen       int // changes of the marks that the plan is of
	judging    *judging
	shown      *score.Assessment
	planning   *screen.Work
	made       *made // nil before the first
	table      *widget.Table
	change     widget.Diff
	about      widget.Lines
	patch      string // of the row under the cursor, "" for none
	drawn      drawn  // what change and about are of
	onChange   bool   // the change has the focus
	zoomed     bool   // the change has all the room
	width      int    // of the change, as last drawn
	server     *verdicts
}

// drawn names a row of a plan.
type drawn struct {
	made *made
	key  string
}

// New returns the screen at plan, plan/NAMESPACE or plan?of=marked. The query may have
// target=SCORE, sparing=yes, held=yes and filter=TEXT.
func New(address nav.Address, marks *screen.Marks, judge func() screen.Judge) *Screen {
	s := &Screen{marks: marks, judging: &judging{make: judge}}
	s.wish = wish{
		namespace: address.Target, marked: address.Query["of"] == "marked",
		sparing: address.Query["sparing"] == "yes", held: address.Query["held"] == "yes",
	}
	s.change.SetSides(true)
	s.planning = screen.NewWork(s.prepare)
	s.server = &verdicts{DryRun: screen.NewDryRun(s.answered)}
	s.table = widget.NewTable(nil)
	s.refused = s.aim(address.Query["target"])
	s.unfiltered = s.filter.Set(address.Query["filter"], fields())
	return s
}

// Address returns where the screen is, with all that is asked for.
func (s *Screen) Address() nav.Address {
	a := nav.Address{Screen: "plan", Target: s.wish.namespace, Query: map[string]string{}}
	for key, on := range map[string]bool{"sparing": s.wish.sparing, "held": s.wish.held} {
		if on {
			a.Query[key] = "yes"
		}
	}
	if s.wish.marked {
		a.Query["of"] = "marked"
	}
	if s.wish.target > 0 {
		a.Query["target"] = s.Question()
	}
	if text := s.FilterText(); text != "" {
		a.Query["filter"] = text
	}
	return a
}

// Title returns the screen's part of the path.
func (s *Screen) Title() string { return "Fix plan" }

// Keys returns the scopes of the screen.
func (s *Screen) Keys() []keymap.Scope {
	return []keymap.Scope{keymap.FixPlan, keymap.Asking, keymap.Table}
}

// Table returns the table of the plan, which has its own order.
func (s *Screen) Table() *widget.Table { return s.table }

// Arrange does nothing: a plan is in the order in which it is to be carried out.
func (s *Screen) Arrange() {}

// Scope returns the namespace whose fixes are planned.
func (s *Screen) Scope() string { return s.wish.namespace }

// Hints returns what the footer should say.
func (s *Screen) Hints() []keymap.ID {
	hints := []keymap.ID{keymap.Back, keymap.Fastest}
	if s.made != nil && s.made.plan != nil {
		if !s.made.plan.Empty() {
			hints = append([]keymap.ID{keymap.Open}, append(hints, keymap.AsPatch, keymap.AsScript, keymap.AsOverlay, keymap.Copy)...)
		}
		if len(s.made.plan.Held) > 0 || s.wish.held {
			hints = append(hints, keymap.Held)
		}
	}
	if s.wish.target > 0 {
		hints = append(hints, keymap.Ask, keymap.Higher, keymap.Lower, keymap.Sparing)
	}
	return append(hints, keymap.Help, keymap.Quit, keymap.Filter, keymap.Sides, keymap.DryRun, keymap.NextFocus)
}

// Resize takes the size.
func (s *Screen) Resize(f screen.Frame) { s.frame = f }

// Show takes the newest assessment.
func (s *Screen) Show(a *score.Assessment) {
	s.shown = a
	if s.server.Shown() { // what was under way has ended if the screen was left
		s.answered()
	}
	switch {
	case s.wish.marked && s.seen != s.marks.Changes():
		s.plan()
	case s.made == nil || s.made.of != a:
		s.planning.Renew(screen.Many)
	}
}

// plan asks for a plan of what is wished now.
func (s *Screen) plan() {
	s.seen = s.marks.Changes()
	s.server.Drop()
	s.answered()
	if s.shown != nil {
		s.planning.Restart(screen.Many)
	}
}

// Work returns the planning, and the questions to the server.
func (s *Screen) Work() []*screen.Work { return []*screen.Work{s.planning, s.server.Work()} }

// Act does what a key means.
func (s *Screen) Act(id keymap.ID) tea.Cmd {
	switch id {
	case keymap.Open:
		return s.open()
	case keymap.NextFocus, keymap.PrevFocus:
		s.onChange = !s.onChange && s.roomForChange()
	case keymap.Sides:
		return screen.TurnSides(&s.change, s.width)
	case keymap.Copy:
		if s.patch == "" {
			return nav.Notice("there is no patch to copy")
		}
		return nav.Copy(s.patch, "the patch")
	case keymap.AsPatch:
		return s.export(screen.Patch)
	case keymap.AsScript:
		return s.export(screen.Kubectl)
	case keymap.AsOverlay:
		return s.export(screen.Kustomize)
	case keymap.DryRun:
		return s.dryRun()
	case keymap.Held:
		s.wish.held = !s.wish.held
		s.plan()
	case keymap.Fastest, keymap.Higher, keymap.Lower, keymap.Sparing:
		s.steer(id)
	default:
		s.scroll(id)
	}
	return nil
}

func (s *Screen) scroll(id keymap.ID) {
	if s.onChange || s.zoomed {
		s.change.Handle(id)
		return
	}
	s.table.Handle(id)
	s.look()
}

// current reports whether the plan is of what is wished now, if perhaps of an earlier
// assessment.
func (s *Screen) current() bool {
	return s.made != nil && s.made.wish == s.wish && s.made.marks == s.seen
}

// steer changes the score to reach, or how.
func (s *Screen) steer(id keymap.ID) {
	const step = 5
	switch target := s.wish.target; {
	case id == keymap.Sparing && target == 0:
		return
	case id == keymap.Sparing:
		s.wish.sparing = !s.wish.sparing
	case id == keymap.Fastest && target > 0:
		s.wish.target = 0
	case target == 0:
		s.wish.target = score.NextGrade(s.scoreNow())
	case id == keymap.Higher:
		s.wish.target = min(100, step*math.Floor(target/step)+step)
	case id == keymap.Lower:
		s.wish.target = max(step, step*math.Ceil(target/step)-step)
	default:
		return
	}
	s.plan()
}

// scoreNow is the score that a way would begin at.
func (s *Screen) scoreNow() float64 {
	if s.shown == nil {
		return 0
	}
	if n := s.shown.Namespace(s.goalOf()); n != nil {
		return n.Score
	}
	return s.shown.Score
}

// goalOf is the namespace whose score is to be reached, "" for the cluster's.
func (s *Screen) goalOf() string {
	if s.made != nil && s.wish.marked {
		return s.made.home
	}
	return s.wish.namespace
}

// open gives the change all the room or, where there is none, opens the finding.
func (s *Screen) open() tea.Cmd {
	r, ok := s.selected()
	switch {
	case !ok:
		return nil
	case s.patch == "" && r.finding != nil:
		key := screen.FindingKey(r.finding, screen.Twins(r.finding.Home().Findings)[r.finding])
		return nav.Open(nav.Address{Screen: "finding", Target: key}.String())
	}
	s.table.Move(0) // what was opened is what the user comes back to
	s.zoomed = !s.zoomed && s.patch != ""
	return nil
}

// Leave goes back from the change to the plan.
func (s *Screen) Leave() bool {
	was := s.zoomed
	s.zoomed = false
	return was
}

// export asks for the plan to be written down.
func (s *Screen) export(format screen.Format) tea.Cmd {
	switch {
	case !s.current():
		return nav.Notice("the plan is still being made")
	case s.made.plan == nil || s.made.plan.Empty():
		return nav.Notice("the plan changes nothing: there is nothing to write")
	}
	p := s.made.plan
	return func() tea.Msg { return screen.ExportMsg{Plan: p, Format: format} }
}

// Asks is what stands before the score that is asked for.
func (s *Screen) Asks() string { return "score to reach" }

// Ask takes the score to reach: a number, or the letter of a grade; "" for a plan without
// one.
func (s *Screen) Ask(text string) error {
	before := s.wish.target
	if err := s.aim(text); err != nil {
		return err
	}
	s.refused = nil
	if s.wish.target != before {
		s.plan()
	}
	return nil
}

// Question returns the score to reach, "" for none.
func (s *Screen) Question() string {
	if s.wish.target == 0 {
		return ""
	}
	return strconv.FormatFloat(s.wish.target, 'f', -1, 64)
}

// aim reads the score to reach.
func (s *Screen) aim(text string) error {
	text = strings.ToUpper(strings.TrimSpace(text))
	if text == "" {
		s.wish.target = 0
		return nil
	}
	if i := strings.Index("EDCBA", text); len(text) == 1 && i >= 0 {
		s.wish.target = float64(50 + 10*i)
		return nil
	}
	target, err := strconv.ParseFloat(text, 64)
	if err != nil || !(target >= 1 && target <= 100) {
		return fmt.Errorf("%q is no score of 1 to 100, and no grade of A to E", text)
	}
	s.wish.target = target
	return nil
}
