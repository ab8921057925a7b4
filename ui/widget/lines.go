package widget

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// Lines shows a text longer than its place, and scrolls it. The zero value
// shows nothing.
type Lines struct {
	// build makes the lines for a width. It is called again only if what it
	// depends on has changed.
	build func(s *style.Styles, width int) []string

	built      []string
	builtFor   *style.Styles
	builtAfter int // the changes of these styles
	builtWidth int

	top  int // Index of the first visible line.
	page int // Visible lines, as last drawn.
}

// SetText shows a plain text, wrapped to the width it is drawn at, from its
// start.
func (l *Lines) SetText(text string) {
	l.SetContent(func(s *style.Styles, width int) []string {
		lines := style.Wrap(text, width)
		for i, line := range lines {
			lines[i] = s.Text.Render(line)
		}
		return lines
	})
}

// SetContent shows the styled lines that build makes for a width, from their
// start. Lines that are wider are cut. What build makes is kept until width or
// styles change.
func (l *Lines) SetContent(build func(s *style.Styles, width int) []string) {
	l.Update(build)
	l.top = 0
}

// Update is SetContent that stays where the reader is.
func (l *Lines) Update(build func(s *style.Styles, width int) []string) {
	l.build, l.builtFor = build, nil
}

// Handle does what a key binding asks of a scrolled text and reports whether
// it is one for texts.
func (l *Lines) Handle(id keymap.ID) bool {
	switch id {
	case keymap.Up:
		l.Scroll(-1)
	case keymap.Down:
		l.Scroll(1)
	case keymap.PageUp:
		l.Scroll(-l.page)
	case keymap.PageDown:
		l.Scroll(l.page)
	case keymap.HalfUp:
		l.Scroll(-max(l.page/2, 1))
	case keymap.HalfDown:
		l.Scroll(max(l.page/2, 1))
	case keymap.Top:
		l.Scroll(-len(l.built))
	case keymap.Bottom:
		l.Scroll(len(l.built))
	default:
		return false
	}
	return true
}

// Scroll moves the text by that many lines, towards its end if positive, and
// stops at the ends.
func (l *Lines) Scroll(lines int) {
	l.top = max(0, min(l.top+lines, len(l.built)-l.page))
}

// Footer says which lines are visible, as "1-9 of 40"; nothing if all are. It
// is right after the text has been drawn.
func (l *Lines) Footer() string {
	if len(l.built) <= l.page {
		return ""
	}
	return fmt.Sprintf("%d-%d of %d", l.top+1, min(l.top+l.page, len(l.built)), len(l.built))
}

// Height returns how many lines the text has at a width.
func (l *Lines) Height(s *style.Styles, width int) int {
	if l.build != nil && (l.builtFor != s || l.builtAfter != s.Changes() || l.builtWidth != width) {
		l.built, l.builtFor, l.builtAfter, l.builtWidth = l.build(s, width), s, s.Changes(), width
	}
	return len(l.built)
}

// Render draws the visible lines.
func (l *Lines) Render(s *style.Styles, width, height int) Block {
	l.Height(s, width)
	l.page = max(height, 0)
	l.Scroll(0)
	return NewBlock(s, l.built[l.top:], width, height)
}
