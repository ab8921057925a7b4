package style

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Wrap breaks a text into lines of at most width cells, at blanks and after commas.
// A hyphen is no place to break: it is part of a name, which people copy. A word
// that is longer than a line is cut, at the end of a part if it is a path. The text is
// cleaned; its own line breaks stay. A width under 1 is taken as 1, and a character
// that is wider has a line of its own. Of a text that is longer than any person reads,
// 16 KB, only the beginning is there.
func Wrap(text string, width int) []string { return wrap(text, width, " ,") }

// Wrap breaks a text into lines ([Wrap]), and draws each.
func (s Style) Wrap(text string, width int) []string {
	lines := Wrap(text, width)
	for i, line := range lines {
		lines[i] = s.Render(line)
	}
	return lines
}

// WrapPath is Wrap for the path of a field or a file, which breaks after its
// parts.
func WrapPath(path string, width int) []string { return wrap(path, width, " ./]") }

// longestWrapped is the most of a text that is broken into lines, in bytes. Names and
// messages of a cluster may have more, and each of their letters costs time.
const longestWrapped = 16 << 10

func wrap(text string, width int, breaks string) []string {
	if len(text) > longestWrapped {
		text = Bound(text, longestWrapped/bytesPerCell-1) + " [...]"
	}
	var lines []string
	for _, line := range Lines(text) {
		lines = append(lines, fill(line, max(width, 1), breaks)...)
	}
	return lines
}

// fill breaks one line of cleaned text after characters of breaks. Blanks at the
// end of a line are left out. It takes time by the length of the text alone, as long
// words may come from anybody.
func fill(text string, width int, breaks string) []string {
	var lines []string
	start, at, cells := 0, 0, 0 // where the line begins and ends so far
	flush := func(end int) {
		lines = append(lines, strings.TrimRight(text[start:end], " "))
		start, cells = end, 0
	}
	for at < len(text) {
		part := firstPart(text[at:], breaks)
		word := strings.TrimRight(part, " ")
		left := Width(word)
		if cells+left > width && at > start {
			flush(at)
		}
		end := at + len(part)
		for left > width && at < end {
			n, w := cutWord(text[at:end], width)
			at, left = at+n, left-w
			flush(at)
		}
		if word = strings.TrimRight(text[at:end], " "); word == "" && at > 0 && at == start {
			start = end // the blanks behind a word that was cut
		} else {
			cells += left + end - at - len(word)
		}
		at = end
	}
	if start < len(text) || len(lines) == 0 {
		flush(len(text))
	}
	return lines
}

// firstPart returns a text up to the first of some characters and those like it that
// follow.
func firstPart(text, breaks string) string {
	at := strings.IndexAny(text, breaks)
	if at < 0 {
		return text
	}
	for at < len(text) && strings.IndexByte(breaks, text[at]) >= 0 {
		at++
	}
	return text[:at]
}

// cutWord returns how many bytes of a word that is too long go on a line, and how
// many cells they take: up to the end of a part, as a path has them, if there is one.
func cutWord(word string, width int) (bytes, cells int) {
	bytes, cells = cutAt(word, width)
	if end := strings.LastIndexAny(word[:bytes], "./]") + 1; end > 0 && bytes < len(word) {
		return end, Width(word[:end])
	}
	return bytes, cells
}

// cutAt returns how many bytes of a text take at most width cells, at least one
// character, and how many cells they take.
func cutAt(text string, width int) (bytes, cells int) {
	for bytes < len(text) {
		cluster, w := ansi.FirstGraphemeCluster(text[bytes:], ansi.GraphemeWidth)
		if cells+w > width && bytes > 0 {
			break
		}
		bytes, cells = bytes+len(cluster), cells+w
	}
	return bytes, cells
}
