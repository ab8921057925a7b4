package style

import (
	"unicode/utf8"

	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// Clean makes any text safe to show in one line: see [printable.Text], which it
// is. Every style cleans what it draws. Plain characters (see plainCells),
// which nearly all text is made of, cost one look.
func Clean(text string) string {
	if _, plain := plainCells(text, false); plain {
		return text
	}
	return cleaned(text)
}

// Lines splits a text of several lines at its line breaks and cleans each. Tabs
// become two blanks. A final line break opens no further line.
func Lines(text string) []string { return printable.Lines(text) }

// cleaned is Clean for any text.
func cleaned(text string) string { return printable.Text(text) }

// bytesPerCell is more than what is shown in a cell ever takes: a letter of four bytes,
// the marks that are left to it, and what the sanitizer makes one sign of.
const bytesPerCell = 32

// Bound cuts a text that was not cleaned yet to what can be seen of it in so many cells,
// and a little more, so that a text of 64 KB costs no more than one that fits.
func Bound(text string, cells int) string {
	most := (max(cells, 0) + 1) * bytesPerCell
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}

// Cut makes any text safe and no wider than so many cells: what is longer ends in the
// ellipsis. Its cost does not depend on how long the text is.
func Cut(text string, width int, ellipsis string) string {
	return Truncate(Clean(Bound(text, width)), width, ellipsis)
}

// FitText is [Cut] to exactly so many cells.
func FitText(text string, width int, align Align, ellipsis string) string {
	return Fit(Clean(Bound(text, width)), width, align, ellipsis)
}
