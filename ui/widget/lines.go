package widget

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

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

	sought string // What is looked for, in lower case; empty for nothing.
	match  int    // The line with the match that was jumped to, -1 for none.
}

// Seek looks for a text, whatever the case, shows it where it stands, and goes to the
// first line that has it, from where the reader is. An empty text ends that.
func (l *Lines) Seek(text string) {
	l.sought, l.match = strings.ToLower(strings.TrimSpace(text)), l.top-1
	if l.sought != "" {
		l.SeekOn(1)
	}
}

// Sought returns what is looked for, "" for nothing.
func (l *Lines) Sought() string { return l.sought }

// SeekOn goes to the next line with what is looked for, to the one before if by is
// negative, and reports whether there is one. After the last comes the first.
func (l *Lines) SeekOn(by int) bool {
	count := len(l.built)
	if l.sought == "" {
		return false
	}
	for step := 1; step <= count; step++ {
		i := ((l.match+by*step)%count + count) % count
		if !l.has(i) {
			continue
		}
		l.match = i
		if i < l.top || i >= l.top+l.page {
			l.top = i - l.page/3
			l.Scroll(0)
		}
		return true
	}
	return false
}

// Found returns how many lines have what is looked for, and which of them was jumped
// to, from 1.
func (l *Lines) Found() (at, count int) {
	for i := range l.built {
		if !l.has(i) {
			continue
		}
		if count++; i <= l.match {
			at = count
		}
	}
	return at, count
}

// has reports whether a line has what is looked for.
func (l *Lines) has(i int) bool {
	return l.sought != "" && strings.Contains(strings.ToLower(ansi.Strip(l.built[i])), l.sought)
}

// light returns the visible lines with what is looked for in the style of a match.
func (l *Lines) light(s *style.Styles) []string {
	seen := l.built[l.top:min(l.top+l.page, len(l.built))]
	if l.sought == "" {
		return seen
	}
	lit := slices.Clone(seen)
	for i, line := range lit {
		if l.has(l.top + i) {
			lit[i] = lightUp(line, l.sought, s.Match)
		}
	}
	return lit
}

// lightUp draws each place where a text stands in a styled line in another style. A
// line whose letters change their length in lower case stays as it is.
func lightUp(line, sought string, look style.Style) string {
	plain := ansi.Strip(line)
	lower := strings.ToLower(plain)
	if len(lower) != len(plain) {
		return line
	}
	var b strings.Builder
	done := 0 // cells
	for at := 0; ; {
		next := strings.Index(lower[at:], sought)
		if next < 0 {
			break
		}
		at += next
		start := style.Width(plain[:at])
		end := start + style.Width(plain[at:at+len(sought)])
		b.WriteString(ansi.Cut(line, done, start))
		look.Append(&b, plain[at:at+len(sought)])
		at, done = at+len(sought), end
	}
	b.WriteString(ansi.Cut(line, done, style.Width(plain)))
	return b.String()
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
	if l.sought != "" {
		at, count := l.Found()
		return fmt.Sprintf("%q: %d of %d lines  %d-%d of %d", l.sought, at, count, l.top+1, min(l.top+l.page, len(l.built)), len(l.built))
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
	return NewBlock(s, l.light(s), width, height)
}
