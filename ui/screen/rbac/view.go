package rbac

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit/access/answer"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// Where what stands beside the rows has room, in cells and lines: at the right, or
// below on a narrow screen that is high enough. It is two fifths of the width as far
// as lines are good to read. The matrix stands below both.
const (
	besideFrom  = 110
	besideMost  = 84
	belowFrom   = 26
	belowHeight = 9
	matrixFrom  = 34
	matrixMost  = 14
)

// wide reports whether what stands beside the rows does so at the right.
func (s *Screen) wide() bool { return s.frame.Width >= besideFrom }

// besides reports whether anything stands beside the rows.
func (s *Screen) besides() bool { return s.wide() || s.frame.Height >= belowFrom }

// above is how many lines stand above the table.
func (s *Screen) above() int {
	const tabs, question = 1, 3
	if s.at == whoCanView {
		return tabs + question
	}
	return tabs
}

// View draws the screen.
func (s *Screen) View() []string {
	f, none := s.frame, s.list().selected() == nil
	s.tabs = screen.TabLine{}
	main := widget.Pane{Min: 5, Priority: 9, Direction: widget.Columns, Panes: []widget.Pane{{Name: "rows", Min: 40}}}
	if s.wide() && !none {
		main.Panes = append(main.Panes, widget.Pane{Name: "beside", Fixed: min(f.Width*2/5, besideMost)})
	}
	panes := []widget.Pane{{Name: "tabs", Fixed: 1, Priority: 8}}
	if s.at == whoCanView {
		panes = append(panes, widget.Pane{Name: "question", Fixed: 3, Priority: 7})
	}
	panes = append(panes, main)
	if !s.wide() && s.besides() && !none {
		panes = append(panes, widget.Pane{Name: "beside", Fixed: belowHeight, Priority: 3})
	}
	if s.wide() && !none && f.Height >= matrixFrom && s.at <= subjectView {
		panes = append(panes, widget.Pane{Name: "matrix", Fixed: min(matrixMost, f.Height/3), Priority: 4})
	}
	if facts := len(s.facts()); facts > 0 {
		panes = append(panes, widget.Pane{Name: "facts", Fixed: min(facts+2, max(4, f.Height/3)), Priority: 5})
	}
	if notes := len(s.notes()); notes > 0 {
		panes = append(panes, widget.Pane{Name: "notes", Fixed: notes, Priority: 6})
	}
	tree := widget.Pane{Direction: widget.Stack, Panes: panes}
	return tree.Draw(f.Styles, widget.Rect{W: f.Width, H: f.Height}, s.draw)
}

func (s *Screen) draw(name string, r widget.Rect) widget.Block {
	st := s.frame.Styles
	switch name {
	case "tabs":
		return s.tabs.Render(st, s.tabNames(r.W), s.at, r)
	case "question":
		return s.questionBox(r)
	case "beside":
		return s.detail.box(st, r)
	case "matrix":
		return s.detail.matrixBox(st, r)
	case "facts":
		box := widget.Box{Padding: 1, Title: s.list().shown.of.aside}
		w, h := box.Inner(r.W, r.H)
		var lines []string
		for _, fact := range s.facts() {
			lines = append(lines, st.Text.Render(style.Truncate(fact, w, st.Glyphs.Ellipsis)))
		}
		return box.Render(st, r.W, r.H, widget.NewBlock(st, lines, w, h))
	case "notes":
		return widget.NewBlock(st, s.notes(), r.W, r.H)
	}
	return s.list().render(st, r, s.waiting())
}

// facts are what the view tells beside its rows.
func (s *Screen) facts() []string {
	if of := s.list().shown.of; of != nil {
		return of.facts
	}
	return nil
}

// tabNames are the names of the views, with their numbers where there is room.
func (s *Screen) tabNames(width int) []string {
	var names, numbered []string
	used := 0
	for i, v := range s.views {
		names = append(names, v.name)
		numbered = append(numbered, fmt.Sprintf("%d %s", i+1, v.name))
		used += style.Width(numbered[i]) + len("[]")
	}
	if used > width {
		return names
	}
	return numbered
}

// questionBox shows what is asked, and how many answers there are.
func (s *Screen) questionBox(r widget.Rect) widget.Block {
	st := s.frame.Styles
	box := widget.Box{Padding: 1, Title: "Who can (" + s.keys.Key(keymap.Ask) + " asks)"}
	w, h := box.Inner(r.W, r.H)
	line := st.Accent.Render(s.question)
	made := s.list().sheet
	switch {
	case made == nil || made.in.question != s.question:
		line += st.Muted.Render("  " + st.Glyphs.Ellipsis)
	case made.wrong != nil:
		line += "  " + st.Error.Render(made.wrong.Error())
	default:
		box.Footer = made.aside
	}
	return box.Render(st, r.W, r.H, widget.NewBlock(st, []string{line}, w, h))
}

// waiting is what is said where no row is there yet.
func (s *Screen) waiting() string {
	switch {
	case s.refused != nil:
		return fmt.Sprintf("not filtered: %v", s.refused)
	case s.at == escalationView && s.measure.newest == nil:
		return "looking for the ways to cluster-admin"
	}
	return "reading roles and bindings"
}

// notesMost is the share of the height that notes take at most.
const notesMost = 6

// notes are what is to be said below the table: what keeps it from being the whole
// truth.
func (s *Screen) notes() []string {
	var texts []string
	if text := answer.Unreadable(s.shown.Cluster); text != "" {
		texts = append(texts, "Not known: "+text)
	}
	if s.refused != nil {
		texts = append(texts, fmt.Sprintf("Not filtered: %v", s.refused))
	}
	if of := s.list().shown.of; of != nil {
		texts = append(texts, of.notes...)
	}
	return wrapped(s.frame.Styles, texts, tints(s.frame.Styles), s.frame.Width, max(2, s.frame.Height/notesMost))
}

// CursorLine returns the line of the cursor.
func (s *Screen) CursorLine() int { return s.list().table.CursorBelow(s.above()) }

// Touch turns to the view whose name lies at a cell.
func (s *Screen) Touch(x, y int) (keymap.ID, bool) {
	to, there := s.tabs.At(x, y)
	if !there || to == s.at {
		return "", there
	}
	return s.views[to].key, true
}

// Wheel scrolls what stands beside the rows, if it lies under a cell.
func (s *Screen) Wheel(x, y, lines int) bool {
	return s.besides() && s.detail != nil && s.list().selected() != nil && s.detail.lines.Wheel(x, y, lines)
}
