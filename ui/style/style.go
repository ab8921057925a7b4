// Package style turns a theme into what widgets and screens draw with: styles
// as ready-made escape sequences, glyphs for rich and poor terminals, marks of
// severities and grades, width arithmetic, and the one sanitizer, Clean.
//
// Text from a cluster is hostile. Style.Render and Style.Append clean what
// they are given, so a text that is drawn with a style can do no harm; text
// that is written in any other way must pass Clean first. For the same reason
// a styled string must not be given to Render again: its sequences would be
// shown as text. Build a line of parts side by side, never of parts inside
// parts.
//
// The package must never read the environment (who builds Styles passes the
// tier and whether there is colour), and must know nothing of kube or audit.
// Beside the root, which chooses a theme, it is the only importer of themes among the
// packages of ui. A new role is added in themes and as a field of Styles.
package style

import (
	"image/color"
	"strings"

	"charm.land/lipgloss/v2"

	"github.com/seaworthy-dev/seaworthy/themes"
)

// reset ends every styled text.
const reset = "\x1b[m"

// Style is the look of a piece of text. The zero value is plain text. Styles
// are values, compared with == and made once, by New.
type Style struct {
	// start is the escape sequence before the text; empty for plain text.
	start string
}

// Render returns the text, cleaned (see Clean), in this style.
func (s Style) Render(text string) string {
	text = Clean(text)
	if s.start == "" || text == "" {
		return text
	}
	return s.start + text + reset
}

// Append writes the text, cleaned (see Clean), in this style. It allocates
// nothing for clean text if the builder has room.
func (s Style) Append(b *strings.Builder, text string) {
	text = Clean(text)
	if s.start == "" || text == "" {
		b.WriteString(text)
		return
	}
	b.WriteString(s.start)
	b.WriteString(text)
	b.WriteString(reset)
}

// AppendTimes is Append of a text so many times, without allocating.
func (s Style) AppendTimes(b *strings.Builder, text string, times int) {
	text = Clean(text)
	if text == "" || times <= 0 {
		return
	}
	b.WriteString(s.start)
	for range times {
		b.WriteString(text)
	}
	if s.start != "" {
		b.WriteString(reset)
	}
}

// AppendFit is Append of exactly width cells: a longer text is cut, its last
// cell showing the ellipsis, a shorter one padded with blanks in no style. It
// reads the text once, which is what a table of many cells needs.
func (s Style) AppendFit(b *strings.Builder, text string, width int, align Align, ellipsis string) {
	if width <= 0 {
		return
	}
	text = Bound(text, width)
	cells, plain := plainCells(text, false)
	if !plain || cells > width {
		text = Truncate(Clean(text), width, ellipsis)
		cells = Width(text)
	}
	if align == Right {
		b.WriteString(Blanks(width - cells))
	}
	if s.start == "" || text == "" {
		b.WriteString(text)
	} else {
		b.WriteString(s.start)
		b.WriteString(text)
		b.WriteString(reset)
	}
	if align == Left {
		b.WriteString(Blanks(width - cells))
	}
}

// IsPlain reports whether the style changes nothing.
func (s Style) IsPlain() bool {
	return s.start == ""
}

// newStyle makes the style of a value of a theme. Lip Gloss knows how it is
// written for a terminal; it is asked once, when the theme is chosen, because a
// frame has thousands of cells. Without colour a background of its own becomes
// reverse, so that what stood out still does.
func newStyle(value themes.Value, color bool) Style {
	reverse := value.Reverse || !color && value.Background.Kind != themes.None
	look := lipgloss.NewStyle().
		Bold(value.Bold).Faint(value.Faint).Italic(value.Italic).Underline(value.Underline).Reverse(reverse)
	if color {
		look = look.Foreground(colorOf(value.Foreground)).Background(colorOf(value.Background))
	}
	const letter = "x"
	start, _, _ := strings.Cut(look.Render(letter), letter)
	return Style{start: start}
}

func colorOf(c themes.Color) color.Color {
	switch c.Kind {
	case themes.Indexed:
		return lipgloss.ANSIColor(c.Index)
	case themes.RGB:
		return lipgloss.RGBColor{R: c.R, G: c.G, B: c.B}
	case themes.None:
	}
	return lipgloss.NoColor{}
}
