package finding

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// From which width what is related stands beside the text, above the change; from which
// the change stands beside the text, and what is related below it; and from which all
// three stand beside each other.
const (
	relatedFrom = 140
	sideBySide  = 160
	threeFrom   = 240
)

// relatedWidth is how wide what is related is where it has a column, in cells.
func relatedWidth(width int) int { return min(max(width*3/10, 42), 70) }

// layout says what stands where.
func (s *Screen) layout() widget.Pane {
	f := s.frame
	detail, fix := widget.Pane{Name: "detail", Priority: 2}, widget.Pane{Name: "fix", Min: 4, Priority: 1}
	related := widget.Pane{Name: "related", Min: 6}
	fits := func(width int) int { return s.detail.Height(f.Styles, width-4) + 2 }
	switch {
	case f.Width >= threeFrom:
		related.Fixed = relatedWidth(f.Width)
		return widget.Pane{Direction: widget.Columns, Panes: []widget.Pane{detail, fix, related}}
	case f.Width >= sideBySide:
		detail.Fixed = min(fits(f.Width/2), max(7, f.Height*2/3))
		left := widget.Pane{Direction: widget.Stack, Panes: []widget.Pane{detail, related}, Priority: 2, Min: 1}
		return widget.Pane{Direction: widget.Columns, Panes: []widget.Pane{left, fix}}
	case f.Width >= relatedFrom:
		related.Fixed = relatedWidth(f.Width)
		most := max(7, f.Height*11/20)
		top := widget.Pane{Direction: widget.Columns, Priority: 2, Panes: []widget.Pane{detail, related}}
		top.Fixed = min(max(fits(f.Width-related.Fixed), s.beside.Height(f.Styles, related.Fixed-4)+2), most)
		return widget.Pane{Direction: widget.Stack, Panes: []widget.Pane{top, fix}}
	}
	detail.Fixed = min(fits(f.Width), max(7, f.Height*11/20))
	return widget.Pane{Direction: widget.Stack, Panes: []widget.Pane{detail, fix}}
}

// View draws the screen.
func (s *Screen) View() []string {
	f := s.frame
	if s.finding == nil {
		box := widget.Box{Title: "Finding", Padding: 1}
		w, h := box.Inner(f.Width, f.Height)
		line := f.Styles.Muted.Render(style.Cut("there is no finding "+s.key, w, f.Styles.Glyphs.Ellipsis))
		return box.Render(f.Styles, f.Width, f.Height, widget.NewBlock(f.Styles, []string{line}, w, h))
	}
	tree := s.layout()
	return tree.Draw(f.Styles, widget.Rect{W: f.Width, H: f.Height}, s.draw)
}

func (s *Screen) draw(name string, r widget.Rect) widget.Block {
	st := s.frame.Styles
	if name == "detail" {
		return widget.Box{Title: s.heading(), Focus: !s.onFix, Padding: 1}.RenderText(st, r, &s.detail)
	}
	if name == "related" {
		return widget.Box{Title: "Related", Padding: 1}.RenderText(st, r, &s.beside)
	}
	box := widget.Box{Title: s.fixTitle(), Focus: s.onFix, Padding: 1}
	s.width, _ = box.Inner(r.W, r.H)
	return box.RenderText(st, r, &s.change)
}

// heading names severity, rule and cost.
func (s *Screen) heading() string {
	f := s.finding
	text := fmt.Sprintf("%s %s  %s", s.frame.Styles.SeverityMark(screen.Severity(f.Severity)), f.Severity, f.Rule.ID)
	if s.marks.Has(s.key) {
		text = s.frame.Styles.Glyphs.Mark + " marked  " + text
	}
	switch {
	case s.gone:
		return text + "  no longer found"
	case f.Accepted != nil:
		return text + "  accepted"
	case f.Implied != "":
		return text + "  follows from " + f.Implied
	}
	return text + fmt.Sprintf("  costs %.2f points", f.Points)
}

// CursorLine returns the first line of what has the focus.
func (s *Screen) CursorLine() int { return 1 }

// Click turns to the text or to the change.
func (s *Screen) Click(x, y int) *widget.Table {
	s.onFix = s.change.Place().Contains(x, y) || s.onFix && !s.detail.Place().Contains(x, y)
	return nil
}

// Wheel scrolls the text at a cell.
func (s *Screen) Wheel(x, y, lines int) bool {
	return s.detail.Wheel(x, y, lines) || s.change.Wheel(x, y, lines) || s.beside.Wheel(x, y, lines)
}
