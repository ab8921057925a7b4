package style

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// replacement stands for what cannot be shown as it is.
const replacement = '\uFFFD'

// maxMarks is how many combining marks one letter may carry; Vietnamese, Thai
// and Hebrew need two or three, a text meant to spill over its line dozens.
const maxMarks = 3

// ignorable are the characters that unicode.IsPrint takes for letters, marks
// or symbols although they show nothing (Default_Ignorable_Code_Point and
// fillers in the Unicode Character Database), and the letters that join
// whatever comes after them, be it ours (Grapheme_Cluster_Break=Prepend).
var ignorable = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x034F, 0x034F, 1}, // combining grapheme joiner
		{0x0D4E, 0x0D4E, 1}, // Malayalam dot reph, joins forward
		{0x115F, 0x1160, 1}, // Hangul fillers
		{0x17B4, 0x17B5, 1}, // Khmer inherent vowels
		{0x180B, 0x180D, 1}, // Mongolian variation selectors
		{0x180F, 0x180F, 1},
		{0x2800, 0x2800, 1}, // blank Braille pattern
		{0x3164, 0x3164, 1}, // Hangul filler
		{0xFE00, 0xFE0F, 1}, // variation selectors
		{0xFFA0, 0xFFA0, 1}, // halfwidth Hangul filler
	},
	R32: []unicode.Range32{
		{0x111C2, 0x111C3, 1}, // signs of Indic scripts that join forward
		{0x113D1, 0x113D1, 1},
		{0x1193F, 0x1193F, 1},
		{0x11941, 0x11941, 1},
		{0x11A3A, 0x11A3A, 1},
		{0x11A84, 0x11A89, 1},
		{0x11D46, 0x11D46, 1},
		{0x11F02, 0x11F02, 1},
		{0xE0100, 0xE01EF, 1}, // variation selectors supplement
	},
}

// Clean makes any text safe to show in one line of a terminal. The result has
// no control character, so nothing in it can move the cursor, write a title or
// the clipboard, or restyle what follows; nothing that is invisible or turns
// the direction of writing (Trojan Source, CVE-2021-42574); and every method
// of measuring it gives the same number of cells.
//
// What is taken away leaves a trace, so that an attack shows: a control
// character its picture (␛ for escape), anything else U+FFFD. Line breaks,
// tabs and unusual blanks become a blank. Where terminals disagree about the
// width of a cluster (emoji of several parts, vowel signs that stand beside
// their letter) its first character stays and the rest becomes U+FFFD.
//
// Clean does not allocate for printable ASCII, which nearly all text is.
// Clean(Clean(s)) is Clean(s).
func Clean(text string) string {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return cleanFrom(text, i)
		}
	}
	return text
}

// Lines splits a text of several lines at its line breaks and cleans each. Tabs
// become two blanks. A final line break opens no further line.
func Lines(text string) []string {
	text = strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\t", "  ")
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = Clean(strings.TrimSuffix(line, "\r"))
	}
	return lines
}

// cleanFrom cleans a text that is printable ASCII before start.
func cleanFrom(text string, start int) string {
	var b strings.Builder
	b.Grow(len(text) + 8)
	b.WriteString(text[:start])
	marks := 0
	if start == 0 {
		marks = maxMarks // A mark at the start would join what stands before the text.
	}
	for _, r := range text[start:] {
		r = safe(r)
		if !unicode.Is(unicode.M, r) {
			marks = 0
		} else if marks++; marks > maxMarks {
			r = replacement
		}
		b.WriteRune(r)
	}
	cleaned := b.String()
	if clustersAgree(cleaned) {
		return cleaned
	}
	return settleWidths(cleaned)
}

// safe returns r, or what to show in its place.
func safe(r rune) rune {
	switch {
	case r == '\t' || r == '\n' || r == '\r' || r == '\v' || r == '\f' || r == '\u0085' || unicode.Is(unicode.Z, r):
		return ' '
	case r < ' ':
		return '\u2400' + r
	case r == 0x7F:
		return '\u2421'
	case r == utf8.RuneError || !unicode.IsPrint(r) || unicode.Is(ignorable, r):
		return replacement
	}
	return r
}

// clustersAgree reports whether each grapheme cluster measures the same both
// ways; equal sums could hide two differences.
func clustersAgree(text string) bool {
	for text != "" {
		cluster, width := ansi.FirstGraphemeCluster(text, ansi.GraphemeWidth)
		if width != ansi.StringWidthWc(cluster) {
			return false
		}
		text = text[len(cluster):]
	}
	return true
}

// settleWidths cuts each cluster whose width terminals disagree about down to
// its first character, followed by the sign that something is missing.
func settleWidths(text string) string {
	var b strings.Builder
	for text != "" {
		cluster, width := ansi.FirstGraphemeCluster(text, ansi.GraphemeWidth)
		text = text[len(cluster):]
		if width == ansi.StringWidthWc(cluster) {
			b.WriteString(cluster)
			continue
		}
		first, size := utf8.DecodeRuneInString(cluster)
		if alone := cluster[:size]; ansi.StringWidth(alone) != ansi.StringWidthWc(alone) {
			first = replacement
		}
		b.WriteRune(first)
		if size < len(cluster) {
			b.WriteRune(replacement)
		}
	}
	return b.String()
}
