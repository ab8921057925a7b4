package style

import (
	"slices"
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

// Wrap breaks a text into lines of at most width cells, at blanks where it
// can. The text is cleaned; its own line breaks stay. A width under 1 is taken
// as 1.
func Wrap(text string, width int) []string { return wrap(text, width, " ,") }

// WrapPath is Wrap for the path of a field or a file, which breaks after its
// parts.
func WrapPath(path string, width int) []string { return wrap(path, width, " ./]") }

// wrap breaks lines at blanks, and at breaks where a word by itself is too long: at
// breaks a line may come out a cell too wide, which is then cut hard.
func wrap(text string, width int, breaks string) []string {
	width = max(width, 1)
	var lines []string
	for _, line := range Lines(text) {
		between := " "
		if slices.ContainsFunc(strings.Fields(line), func(word string) bool { return Width(word) > width }) {
			between = breaks
		}
		for part := range strings.SplitSeq(ansi.Wrap(line, width, between), "\n") {
			part = strings.TrimRight(part, " ")
			for piece := range strings.SplitSeq(ansi.Hardwrap(part, width, true), "\n") {
				lines = append(lines, strings.TrimRight(piece, " "))
			}
		}
	}
	return lines
}
