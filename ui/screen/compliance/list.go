package compliance

import (
	"context"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/framework"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// List is all frameworks.
type List struct {
	*screen.Listing[framework.Compliance]
	frame   screen.Frame
	shown   *score.Assessment
	judging *screen.Work
	known   []framework.Framework // nil before they are read
	failed  error                 // what keeps frameworks from being read
}

// NewList returns the screen at "frameworks".
func NewList(address nav.Address) *List {
	s := &List{}
	s.Listing = screen.NewListing([]screen.ListingColumn[framework.Compliance]{
		words("framework", "FRAMEWORK", 14, 16, 20, 10, func(c framework.Compliance) string { return c.Framework.ID }),
		numbers("pass", "PASS", 5, 5, 9, func(c framework.Compliance) float64 { return float64(c.Passed) }),
		numbers("fail", "FAIL", 5, 5, 9, func(c framework.Compliance) float64 { return float64(c.Failed) }),
		numbers("not-evaluated", "NOT EVALUATED", 13, 13, 8, func(c framework.Compliance) float64 { return float64(c.Unanswered) }),
		words("title", "TITLE", 20, 40, widget.Unlimited, 7, titleOf),
	}, screen.FilterOf(address), func(kept []framework.Compliance) widget.Rows { return listRows{s.frame.Styles, kept} })
	s.judging = screen.NewWork(s.judge)
	return s
}

// Address returns "frameworks", with the filter if there is one.
func (s *List) Address() nav.Address {
	return screen.WithFilter(nav.Address{Screen: "frameworks"}, s.FilterText())
}

// Title returns the screen's part of the path.
func (s *List) Title() string { return "Frameworks" }

// Keys returns the scopes of the screen.
func (s *List) Keys() []keymap.Scope { return []keymap.Scope{keymap.Table} }

// Hints returns what the footer should say.
func (s *List) Hints() []keymap.ID {
	return []keymap.ID{keymap.Open, keymap.Filter, keymap.Back, keymap.Sort, keymap.Help, keymap.Quit}
}

// Resize takes the size.
func (s *List) Resize(f screen.Frame) { s.frame = f }

// Show takes the newest assessment.
func (s *List) Show(a *score.Assessment) {
	s.shown = a
	s.judging.Renew(screen.Many)
}

// Work returns the judging of controls.
func (s *List) Work() []*screen.Work { return []*screen.Work{s.judging} }

func (s *List) judge() screen.Job {
	result, known := s.shown.Result, s.known
	return func(ctx context.Context) func() {
		if known != nil && !screen.Rest(ctx) {
			return nil
		}
		var err error
		if known == nil {
			known, err = framework.All()
		}
		var judged []framework.Compliance
		for _, f := range known {
			judged = append(judged, framework.Evaluate(f, result))
		}
		return func() {
			s.known, s.failed = known, err
			s.List(judged)
		}
	}
}

// Act moves the cursor or opens the framework under it.
func (s *List) Act(id keymap.ID) tea.Cmd {
	if c, ok := s.Selected(); ok && id == keymap.Open {
		return nav.Open(nav.Address{Screen: "framework", Target: c.Framework.ID}.String())
	}
	s.Handle(id)
	return nil
}

// aboutHeight is the height of the box about the selected framework, in lines.
const aboutHeight = 7

// View draws the table, and what the selected framework is.
func (s *List) View() []string {
	title := "Frameworks: controls that pass, fail, or were not evaluated"
	if text := s.Filtered(); text != "" {
		title = "Frameworks: " + text
	}
	s.Table().Empty = s.Empty(emptyFor(s.failed))
	return screen.Below{Table: s.Table(), Title: title, BoxTitle: "This framework", BoxHeight: aboutHeight, Lines: s.about}.Draw(s.frame)
}

// about says what the selected framework is.
func (s *List) about(width, _ int) []string {
	c, ok := s.Selected()
	if !ok {
		return nil
	}
	f, look := c.Framework, s.frame.Styles.Text
	lines := look.Wrap(f.Title+", "+f.Edition, width)
	lines = append(lines, look.Wrap(strings.TrimSpace(f.About), width)...)
	return append(lines, look.Wrap(f.Source, width)...)
}

// CursorLine returns the line of the cursor.
func (s *List) CursorLine() int { return s.Table().CursorBelow(0) }

// titleOf names a framework and its edition.
func titleOf(c framework.Compliance) string { return c.Framework.Title + ", " + c.Framework.Edition }

type listRows struct {
	styles *style.Styles
	judged []framework.Compliance
}

// Len returns the number of frameworks.
func (r listRows) Len() int { return len(r.judged) }

// Key returns the ID of a framework.
func (r listRows) Key(i int) string { return r.judged[i].Framework.ID }

// Cells appends the cells of a framework.
func (r listRows) Cells(i int, dst []widget.Cell) []widget.Cell {
	c, s := &r.judged[i], r.styles
	number := func(n int, look style.Style) widget.Cell {
		if n == 0 {
			look = s.Muted
		}
		return widget.Cell{Text: fmt.Sprint(n), Style: look}
	}
	return append(dst, widget.Cell{Text: c.Framework.ID, Style: s.Text}, number(c.Passed, s.OK), number(c.Failed, s.Error),
		number(c.Unanswered, s.Warn), widget.Cell{Text: titleOf(*c), Style: s.Muted})
}
