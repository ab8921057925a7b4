package compliance

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/framework"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// Screen is one framework, control by control.
type Screen struct {
	*screen.Listing[framework.Outcome]
	frame   screen.Frame
	id      string
	shown   *score.Assessment
	judging *screen.Work
	known   *framework.Framework  // nil before it is read
	judged  *framework.Compliance // what fails first; nil before it is judged
	failed  error                 // what keeps it from being judged
}

// New returns the screen at framework/ID.
func New(address nav.Address) *Screen {
	s := &Screen{id: address.Target}
	s.Listing = screen.NewListing([]screen.ListingColumn[framework.Outcome]{
		words("verdict", "VERDICT", 13, 13, 13, 9, func(o framework.Outcome) string { return string(o.Verdict) }),
		words("control", "CONTROL", 12, 14, 24, 10, func(o framework.Outcome) string { return o.Control.ID }),
		numbers("failing", "FAILING", 7, 9, 8, func(o framework.Outcome) float64 { return ofJudged(o, o.Failing) }),
		numbers("judged", "JUDGED", 7, 9, 6, func(o framework.Outcome) float64 { return ofJudged(o, o.Judged) }),
		words("title", "TITLE", 20, 40, widget.Unlimited, 7, func(o framework.Outcome) string { return o.Control.Title }),
	}, screen.FilterOf(address), func(kept []framework.Outcome) widget.Rows { return rows{s.frame.Styles, kept} })
	s.judging = screen.NewWork(s.judge)
	return s
}

// Address returns where the screen is.
func (s *Screen) Address() nav.Address {
	return screen.WithFilter(nav.Address{Screen: "framework", Target: s.id}, s.FilterText())
}

// Title returns the screen's part of the path.
func (s *Screen) Title() string { return s.id }

// Keys returns the scopes of the screen.
func (s *Screen) Keys() []keymap.Scope { return []keymap.Scope{keymap.Table} }

// Hints returns what the footer should say.
func (s *Screen) Hints() []keymap.ID {
	return []keymap.ID{keymap.Open, keymap.Filter, keymap.Back, keymap.Sort, keymap.Help, keymap.Quit}
}

// Resize takes the size.
func (s *Screen) Resize(f screen.Frame) { s.frame = f }

// Show takes the newest assessment.
func (s *Screen) Show(a *score.Assessment) {
	s.shown = a
	s.judging.Renew(screen.Many)
}

// Work returns the judging of controls.
func (s *Screen) Work() []*screen.Work { return []*screen.Work{s.judging} }

func (s *Screen) judge() screen.Job {
	id, result, known := s.id, s.shown.Result, s.known
	return func(ctx context.Context) func() {
		if known != nil && !screen.Rest(ctx) {
			return nil
		}
		if known == nil {
			f, err := framework.Named(id)
			if err != nil {
				return func() { s.failed = err }
			}
			known = &f
		}
		judged := framework.Evaluate(*known, result)
		arrange(judged.Outcomes)
		return func() {
			s.known, s.judged = known, &judged
			s.List(judged.Outcomes)
		}
	}
}

// arrange puts what asks for something first, and of each control the worst
// findings: a frame draws the first few of what may be many thousands.
func arrange(outcomes []framework.Outcome) {
	slices.SortStableFunc(outcomes, func(a, b framework.Outcome) int {
		return cmp.Compare(place(a.Verdict), place(b.Verdict))
	})
	for i := range outcomes {
		slices.SortStableFunc(outcomes[i].Findings, func(a, b *audit.Placed) int { return cmp.Compare(b.Severity, a.Severity) })
	}
}

// place orders verdicts.
func place(v framework.Verdict) int {
	return slices.Index([]framework.Verdict{framework.Fail, framework.NotEvaluated, framework.Pass}, v)
}

// Act moves the cursor or opens the findings behind the control under it.
func (s *Screen) Act(id keymap.ID) tea.Cmd {
	if o := s.selected(); o != nil && id == keymap.Open {
		if len(o.Findings) == 0 {
			return nav.Notice("no finding stands against " + o.Control.ID)
		}
		return nav.Open(screen.WithFilter(nav.Address{Screen: "findings"}, filterOf(o)).String())
	}
	s.Handle(id)
	return nil
}

// filterOf lets the findings of a control through.
func filterOf(o *framework.Outcome) string {
	var terms []string
	for _, f := range o.Findings {
		if term := "rule=" + f.Rule.ID; !slices.Contains(terms, term) {
			terms = append(terms, term)
		}
	}
	slices.Sort(terms)
	return strings.Join(terms, "|")
}

// ofJudged is a number of a control that rules answer for, NaN of any other.
func ofJudged(o framework.Outcome, n int) float64 {
	if len(o.Rules) == 0 {
		return math.NaN()
	}
	return float64(n)
}

// selected returns the outcome under the cursor, nil without one.
func (s *Screen) selected() *framework.Outcome {
	if o, ok := s.Selected(); ok {
		return &o
	}
	return nil
}

// View draws the table, and the evidence for the selected control.
func (s *Screen) View() []string {
	s.Table().Empty = s.Empty(emptyFor(s.failed))
	return screen.Below{Table: s.Table(), Title: s.heading(), BoxTitle: "This control", Lines: s.evidence}.Draw(s.frame)
}

// evidence tells why the selected control has its verdict.
func (s *Screen) evidence(width, height int) []string {
	if o := s.selected(); o != nil {
		return evidence(s.frame.Styles, o, width, height)
	}
	return nil
}

func (s *Screen) heading() string {
	if s.judged == nil {
		return s.id
	}
	if text := s.Filtered(); text != "" {
		return s.judged.Framework.Title + ": " + text
	}
	return fmt.Sprintf("%s: %d pass, %d fail, %d not evaluated", s.judged.Framework.Title, s.judged.Passed, s.judged.Failed, s.judged.Unanswered)
}

// evidence tells why a control has its verdict, in at most height lines.
func evidence(st *style.Styles, o *framework.Outcome, width, height int) []string {
	var lines []string
	add := func(look style.Style, text string) {
		lines = append(lines, look.Wrap(text, width)...)
	}
	add(st.Title, o.Control.ID+"  "+o.Control.Title)
	if o.Reason != "" {
		add(st.Text, "not evaluated: "+style.Clean(o.Reason))
	}
	if len(o.Rules) > 0 {
		add(st.Muted, "rules: "+strings.Join(o.Rules, ", "))
	}
	for i, f := range o.Findings {
		if rest := len(o.Findings) - i; len(lines) >= height-1 && rest > 1 {
			return append(lines, st.Muted.Render(fmt.Sprintf("and %d more: enter opens them", rest)))
		}
		severity := screen.Severity(f.Severity)
		mark := st.Severity(severity).Render(st.SeverityMark(severity))
		text := style.Clean(f.Subject.String() + ": " + f.Message)
		lines = append(lines, mark+" "+st.Text.Render(style.Truncate(text, max(1, width-style.Width(st.SeverityMark(severity))-1), st.Glyphs.Ellipsis)))
	}
	return lines
}

// CursorLine returns the line of the cursor.
func (s *Screen) CursorLine() int { return s.Table().CursorBelow(0) }

type rows struct {
	styles   *style.Styles
	outcomes []framework.Outcome
}

// Len returns the number of controls.
func (r rows) Len() int { return len(r.outcomes) }

// Key returns the ID of a control.
func (r rows) Key(i int) string { return r.outcomes[i].Control.ID }

// Cells appends the cells of a control.
func (r rows) Cells(i int, dst []widget.Cell) []widget.Cell {
	o, s := &r.outcomes[i], r.styles
	look := map[framework.Verdict]style.Style{framework.Pass: s.OK, framework.Fail: s.Error, framework.NotEvaluated: s.Warn}[o.Verdict]
	failing, judged := "", ""
	if len(o.Rules) > 0 {
		failing, judged = fmt.Sprint(o.Failing), fmt.Sprint(o.Judged)
	}
	return append(dst, widget.Cell{Text: string(o.Verdict), Style: look}, widget.Cell{Text: o.Control.ID, Style: s.Text},
		widget.Cell{Text: failing, Style: s.Text}, widget.Cell{Text: judged, Style: s.Muted}, widget.Cell{Text: o.Control.Title, Style: s.Muted})
}

// emptyFor is what the table says before anything is judged.
func emptyFor(failed error) string {
	if failed != nil {
		return failed.Error()
	}
	return "judging controls"
}
