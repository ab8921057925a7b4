package widget

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// Box is a frame around a Block, with a title above and a text below.
type Box struct {
	// Title stands in the upper line, at the left; empty for none.
	Title string
	// Footer stands in the lower line, at the right; empty for none.
	Footer string
	// Focus draws the frame heavy, so that it shows without colour.
	Focus bool
	// Padding is the number of blank cells at the left and at the right of
	// the body.
	Padding int
}

// Inner returns the size of the body in a box of that size.
func (x Box) Inner(width, height int) (innerWidth, innerHeight int) {
	return max(width-2-2*x.Padding, 0), max(height-2, 0)
}

// Render draws the box around a body, which is cut or filled to the inner
// size. A box of less than two cells or lines has no room for its frame and is
// blank.
func (x Box) Render(s *style.Styles, width, height int, body Block) Block {
	if width < 2 || height < 2 {
		return NewBlock(s, nil, width, height)
	}
	frame, line := s.Glyphs.Frame, s.Border
	if x.Focus {
		frame, line = s.Glyphs.Focus, s.BorderFocus
	}
	innerWidth, innerHeight := x.Inner(width, height)
	body = NewBlock(s, body, innerWidth, innerHeight)
	side := line.Render(frame.Vertical)
	padding := style.Blanks(min(x.Padding, width-2))
	c := newCutter(width+2*len(side), height)
	x.edge(c, s, line, [3]string{frame.TopLeft, frame.Horizontal, frame.TopRight}, width, x.Title, false)
	for _, text := range body {
		c.WriteString(side)
		c.WriteString(padding)
		c.WriteString(text)
		c.WriteString(style.Blanks(width - 2 - len(padding) - innerWidth))
		c.WriteString(side)
		c.endLine()
	}
	x.edge(c, s, line, [3]string{frame.BottomLeft, frame.Horizontal, frame.BottomRight}, width, x.Footer, true)
	return c.block()
}

// RenderLines is [Box.Render] for a body of lines, which are asked for with the inner
// size.
func (x Box) RenderLines(s *style.Styles, width, height int, lines func(width, height int) []string) Block {
	w, h := x.Inner(width, height)
	return x.Render(s, width, height, NewBlock(s, lines(w, h), w, h))
}

// Text is a text that scrolls: [Lines] and [Diff].
type Text interface {
	In(r Rect)
	Render(s *style.Styles, width, height int) Block
	Footer() string
}

// RenderText is [Box.Render] for a text that scrolls: below stands which of its lines
// are visible, and the text knows where it was drawn.
func (x Box) RenderText(s *style.Styles, r Rect, text Text) Block {
	w, h := x.Inner(r.W, r.H)
	text.In(r)
	body := text.Render(s, w, h)
	x.Footer = text.Footer()
	return x.Render(s, r.W, r.H, body)
}

// edge draws the upper or the lower line: corner, one piece of line, the text
// between blanks, line, corner; the other way round for a text at the right.
func (x Box) edge(c *cutter, s *style.Styles, line style.Style, parts [3]string, width int, text string, right bool) {
	look := s.Title
	if right {
		look = s.Muted
	}
	text = style.Cut(text, width-6, s.Glyphs.Ellipsis)
	if text == "" {
		line.Append(&c.Builder, parts[0]+strings.Repeat(parts[1], width-2)+parts[2])
		c.endLine()
		return
	}
	before, after := 1, width-5-style.Width(text)
	if right {
		before, after = after, before
	}
	line.Append(&c.Builder, parts[0]+strings.Repeat(parts[1], before))
	c.WriteByte(' ')
	look.Append(&c.Builder, text)
	c.WriteByte(' ')
	line.Append(&c.Builder, strings.Repeat(parts[1], after)+parts[2])
	c.endLine()
}
