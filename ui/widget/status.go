package widget

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// Part is one piece of a Status line.
type Part struct {
	// Text is shown, cleaned. An empty part takes no room.
	Text string
	// Style is its look.
	Style style.Style
	// Rest follows the text after a blank, in a look of its own: what a key does.
	Rest      string
	RestStyle style.Style
	// Priority says what is left out first where room is short: the lowest,
	// among them the last.
	Priority int
}

// Status is a line of parts at the left and at the right: a header, a footer,
// a path of screens. Where room is short it leaves out whole parts, by
// priority, and at last cuts the one that remains.
type Status struct {
	// Left and Right are the parts at either side, each in reading order.
	Left, Right []Part
	// Gap is the number of blanks between parts; 0 counts as 2.
	Gap int
}

// Hints returns hints of keys as parts, the first the most important.
func Hints(s *style.Styles, hints []keymap.Hint) []Part {
	parts := make([]Part, len(hints))
	for i, hint := range hints {
		parts[i] = Part{Text: hint.Key, Style: s.Key, Rest: hint.Text, RestStyle: s.Muted, Priority: len(hints) - i}
	}
	return parts
}

// placed is a part with what is needed to leave it out.
type placed struct {
	Part
	width int
	right bool
	index int // on its side
}

// Render draws the line in width cells, with a blank at either end.
func (l Status) Render(s *style.Styles, width int) string {
	if width < 3 {
		return style.Blanks(width)
	}
	space, parts := l.gap(), l.fitting(width)
	var left, right strings.Builder
	used := 2
	for _, part := range parts {
		side := &left
		if part.right {
			side = &right
		}
		if side.Len() > 0 {
			side.WriteString(style.Blanks(space))
			used += space
		}
		if part.Rest != "" && part.width > width-2 {
			part.Rest, part.width = "", style.Width(part.Text)
		}
		part.Style.Append(side, style.Truncate(part.Text, width-2, s.Glyphs.Ellipsis))
		if part.Rest != "" {
			side.WriteByte(' ')
			part.RestStyle.Append(side, part.Rest)
		}
		used += min(part.width, width-2)
	}
	return " " + left.String() + style.Blanks(width-used) + right.String() + " "
}

// gap is the number of blanks between parts.
func (l Status) gap() int {
	if l.Gap <= 0 {
		return 2
	}
	return l.Gap
}

// fitting returns the parts that find room in a line of a width.
func (l Status) fitting(width int) []placed { return fitParts(l.parts(width), l.gap(), width-2) }

// parts returns the parts that have a text, those at the left first. What is longer than
// the line is cut before it is cleaned.
func (l Status) parts(width int) []placed {
	var parts []placed
	for i, side := range [][]Part{l.Left, l.Right} {
		for at, part := range side {
			part.Text, part.Rest = style.Clean(style.Bound(part.Text, width)), style.Clean(part.Rest)
			cells := style.Width(part.Text)
			if part.Rest != "" {
				cells += 1 + style.Width(part.Rest)
			}
			if part.Text != "" {
				parts = append(parts, placed{Part: part, width: cells, right: i == 1, index: at})
			}
		}
	}
	return parts
}

// fitParts leaves out parts until the others fit into width.
func fitParts(parts []placed, space, width int) []placed {
	need := -space
	for _, part := range parts {
		need += part.width + space
	}
	for need > width && len(parts) > 1 {
		out := 0
		for i, part := range parts {
			if part.Priority <= parts[out].Priority {
				out = i
			}
		}
		need -= parts[out].width + space
		parts = append(parts[:out:out], parts[out+1:]...)
	}
	return parts
}
