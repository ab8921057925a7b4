package rules

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/explain"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/feed"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// part is what of a rule has the focus. Where there is room for one only, it is shown.
type part int

const (
	about  part = iota
	broken      // what fails, and its fix
	sound       // what passes
	parts
)

// Screen is one rule.
type Screen struct {
	frame    screen.Frame
	id       string
	rule     *explain.Rule // nil if there is no such rule
	counting *counting
	focus    part
	text     widget.Lines
	fails    widget.Diff
	passes   widget.Lines
	headings [parts]string
}

// New returns the screen at rule/ID.
func New(address nav.Address, known []explain.Rule, ask func() feed.Statistics) *Screen {
	s := &Screen{id: address.Target}
	s.counting = newCounting(ask, s.describe)
	if i := slices.IndexFunc(known, func(r explain.Rule) bool { return r.ID == s.id }); i >= 0 {
		s.rule = &known[i]
		s.exemplify()
	}
	return s
}

// exemplify lays out the examples of the rule: what fails beside its fix, or alone.
func (s *Screen) exemplify() {
	s.headings = [parts]string{about: s.id, broken: explain.Fails, sound: explain.Passes}
	if repair := s.rule.Repair(); repair != "" {
		s.headings[broken] = "This fails, and its fix"
		s.fails.SetDiff(screen.WithoutFileNames(repair))
	} else {
		s.fails.SetContent(verbatim(s.rule.Example(explain.Fails)))
	}
	s.passes.SetContent(verbatim(s.rule.Example(explain.Passes)))
}

// verbatim draws a text line by line, as it is.
func verbatim(text string) func(*style.Styles, int) []string {
	return func(st *style.Styles, _ int) []string {
		lines := style.Lines(text)
		for i, line := range lines {
			look := st.Text
			if strings.Contains(line, explain.Marked) {
				look = st.Error
			}
			lines[i] = look.Render(line)
		}
		return lines
	}
}

// Address returns where the screen is.
func (s *Screen) Address() nav.Address { return nav.Address{Screen: "rule", Target: s.id} }

// Title returns the screen's part of the path.
func (s *Screen) Title() string { return s.id }

// Keys returns the scopes of the screen.
func (s *Screen) Keys() []keymap.Scope { return []keymap.Scope{keymap.Table} }

// Hints returns what the footer should say.
func (s *Screen) Hints() []keymap.ID {
	if s.rule == nil {
		return []keymap.ID{keymap.Back, keymap.Help, keymap.Quit}
	}
	return []keymap.ID{keymap.Open, keymap.NextFocus, keymap.Sides, keymap.Back, keymap.PageDown, keymap.Help, keymap.Quit}
}

// Resize takes the size.
func (s *Screen) Resize(f screen.Frame) { s.frame = f }

// Show takes the newest assessment.
func (s *Screen) Show(a *score.Assessment) {
	s.counting.show(a)
	s.describe()
}

// Work returns the counting.
func (s *Screen) Work() []*screen.Work { return []*screen.Work{s.counting.work} }

// describe tells of the rule anew, where the reader is.
func (s *Screen) describe() {
	if s.rule == nil {
		s.text.SetText(fmt.Sprintf("There is no rule %s: the screen rules lists them.", s.id))
		return
	}
	rule, did, view := s.rule, s.counting.did[s.id], s.counting.shown.Cluster
	s.text.Update(func(st *style.Styles, width int) []string { return tell(st, rule, did, view, width) })
}

// Act scrolls, turns to another part, or opens what the rule found.
func (s *Screen) Act(id keymap.ID) tea.Cmd {
	switch id {
	case keymap.Open, keymap.NextFix:
		switch did := s.counting.did[s.id]; {
		case s.rule == nil:
			return nil
		case did == nil || did.open+did.accepted+did.implied == 0:
			return nav.Notice(s.id + " found nothing")
		}
		return findings(s.id)
	case keymap.NextFocus:
		s.focus = (s.focus + 1) % parts
	case keymap.PrevFocus:
		s.focus = (s.focus + parts - 1) % parts
	case keymap.Sides:
		return screen.TurnSides(&s.fails, s.frame.Width)
	default:
		switch s.focus {
		case broken:
			s.fails.Handle(id)
		case sound:
			s.passes.Handle(id)
		default:
			s.text.Handle(id)
		}
	}
	return nil
}

// View draws the rule: the text beside an example, or the one that has the focus.
func (s *Screen) View() []string {
	f := s.frame
	whole := widget.Rect{W: f.Width, H: f.Height}
	if f.Width < besideFrom || s.rule == nil {
		return s.drawPart(s.focus, whole)
	}
	example := s.focus
	if example == about {
		example = broken
	}
	tree := widget.Pane{Direction: widget.Columns, Panes: []widget.Pane{
		{Name: "about", Min: 40, Weight: 2}, {Name: "example", Min: 40, Weight: 3},
	}}
	return tree.Draw(f.Styles, whole, func(name string, r widget.Rect) widget.Block {
		if name == "about" {
			return s.drawPart(about, r)
		}
		return s.drawPart(example, r)
	})
}

// drawPart draws one part of the rule in a box.
func (s *Screen) drawPart(p part, r widget.Rect) widget.Block {
	st := s.frame.Styles
	box := widget.Box{Padding: 1, Title: s.headings[p], Focus: s.focus == p}
	switch p {
	case broken:
		return box.RenderText(st, r, &s.fails)
	case sound:
		return box.RenderText(st, r, &s.passes)
	default:
		return box.RenderText(st, r, &s.text)
	}
}

// CursorLine returns -1: there is no row.
func (s *Screen) CursorLine() int { return -1 }
