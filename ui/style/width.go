package style

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Align is the side at which a text stands in its place.
type Align int

// The alignments.
const (
	// Left puts the padding after the text.
	Left Align = iota
	// Right puts the padding before the text, as numbers want it.
	Right
)

// Width returns how many cells a text takes. Escape sequences take none.
func Width(text string) int {
	if cells, plain := plainCells(text, true); plain {
		return cells
	}
	return ansi.StringWidth(text)
}

// Truncate shortens a text, styled or not, to at most width cells. If it has
// to cut, the last cell shows the ellipsis (Glyphs.Ellipsis, one cell wide).
func Truncate(text string, width int, ellipsis string) string {
	if width <= 0 {
		return ""
	}
	cells, plain := plainCells(text, false)
	if !plain {
		if Width(text) <= width {
			return text
		}
		return ansi.Truncate(text, width, ellipsis)
	}
	if cells <= width {
		return text
	}
	keep := width - Width(ellipsis)
	for i := range text {
		if keep--; keep < 0 {
			return text[:i] + ellipsis
		}
	}
	return text
}

// PadRight adds blanks after a text until it has width cells. A longer text
// stays as it is.
func PadRight(text string, width int) string {
	if missing := width - Width(text); missing > 0 {
		return text + Blanks(missing)
	}
	return text
}

// PadLeft adds blanks before a text until it has width cells. A longer text
// stays as it is.
func PadLeft(text string, width int) string {
	if missing := width - Width(text); missing > 0 {
		return Blanks(missing) + text
	}
	return text
}

// Fit makes a text, styled or not, exactly width cells wide.
func Fit(text string, width int, align Align, ellipsis string) string {
	text = Truncate(text, width, ellipsis)
	if align == Right {
		return PadLeft(text, width)
	}
	return PadRight(text, width)
}

// blanks is as long as the widest padding that is likely.
const blanks = "                                                                                                                                "

// Blanks returns count blanks, without allocating up to the width of common
// terminals. Less than one gives none.
func Blanks(count int) string {
	if count <= 0 {
		return ""
	}
	if count <= len(blanks) {
		return blanks[:count]
	}
	return strings.Repeat(" ", count)
}
