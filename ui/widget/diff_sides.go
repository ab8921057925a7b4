package widget

import (
	"strings"
	"unicode/utf8"

	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// pairLines finds for lines that go the ones that come in their place, and what differs
// between the two.
func pairLines(lines []diffLine) {
	for from := 0; from < len(lines); {
		gone := runOf(lines, from, '-')
		come := runOf(lines, gone, '+')
		if come == from {
			from++
			continue
		}
		next := gone
		for i := from; i < gone; i++ {
			for j := next; j < come; j++ {
				if gone-from == 1 && come-gone == 1 || fieldOf(lines[i].text) == fieldOf(lines[j].text) {
					lines[i].pair, lines[j].pair = j, i
					mark(&lines[i], &lines[j])
					next = j + 1
					break
				}
			}
		}
		from = come
	}
}

// runOf returns the end of the run of lines with a sign that begins at an index.
func runOf(lines []diffLine, at int, sign byte) int {
	for at < len(lines) && lines[at].sign == sign {
		at++
	}
	return at
}

// fieldOf is what a line of YAML is about: its indentation and its key, or the whole
// line where it has none.
func fieldOf(text string) string {
	key, _, found := strings.Cut(text, ":")
	if !found {
		return text
	}
	return key
}

// mark notes what differs between two lines, in whole words: all between the beginning
// and the end that they share. Lines that share nothing but blanks are not marked, for then it is all of
// them.
func mark(a, b *diffLine) {
	head := 0
	for head < min(len(a.text), len(b.text)) {
		x, size := utf8.DecodeRuneInString(a.text[head:])
		if y, _ := utf8.DecodeRuneInString(b.text[head:]); x != y {
			break
		}
		head += size
	}
	tail := 0
	for tail < min(len(a.text), len(b.text))-head {
		x, size := utf8.DecodeLastRuneInString(a.text[head : len(a.text)-tail])
		if y, _ := utf8.DecodeLastRuneInString(b.text[head : len(b.text)-tail]); x != y {
			break
		}
		tail += size
	}
	head, tail = wholeWords(a.text, b.text, head, tail)
	if strings.TrimSpace(a.text[:head]+a.text[len(a.text)-tail:]) == "" {
		return
	}
	a.from, a.to = head, len(a.text)-tail
	b.from, b.to = head, len(b.text)-tail
}

// wholeWords shortens what is shared at the beginning and at the end of two texts, so
// that no word is split.
func wholeWords(a, b string, head, tail int) (from, to int) {
	begins := func(text string, at int) bool { return at < len(text) && isWord(text[at]) }
	for head > 0 && isWord(a[head-1]) && (begins(a, head) || begins(b, head)) {
		head--
	}
	ends := func(text string, at int) bool { return at > 0 && isWord(text[at-1]) }
	for tail > 0 && isWord(a[len(a)-tail]) && (ends(a, len(a)-tail) || ends(b, len(b)-tail)) {
		tail--
	}
	return head, tail
}

// isWord reports whether a byte is of a letter or a digit, or part of a character beyond
// ASCII.
func isWord(c byte) bool {
	return c >= utf8.RuneSelf || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// sideRow is one row of two columns: indexes of lines, -1 for none. A line that is on
// both sides, or on none, is in both columns.
type sideRow struct{ left, right int }

// sideRows puts what goes beside what comes in its place, and of the rest the first
// beside the first.
func sideRows(lines []diffLine) []sideRow {
	var rows []sideRow
	for from := 0; from < len(lines); {
		gone := runOf(lines, from, '-')
		come := runOf(lines, gone, '+')
		if come == from {
			rows = append(rows, sideRow{from, from})
			from++
			continue
		}
		i, j := from, gone
		for i < gone || j < come {
			left, right := i, come
			for left < gone && lines[left].pair < 0 {
				left++
			}
			if left < gone {
				right = lines[left].pair
			}
			for i < left || j < right {
				row := sideRow{-1, -1}
				if i < left {
					row.left = i
					i++
				}
				if j < right {
					row.right = j
					j++
				}
				rows = append(rows, row)
			}
			if left < gone {
				rows = append(rows, sideRow{left, right})
				i, j = left+1, right+1
			}
		}
		from = come
	}
	return rows
}

// between stands between the two columns: a line with a blank at either side.
const between = 3

// drawSides draws lines in two columns.
func drawSides(s *style.Styles, lines []diffLine, digits, width int) []string {
	half := (width - between) / 2
	line := " " + s.Border.Render(s.Glyphs.Frame.Vertical) + " "
	var drawn []string
	for _, row := range sideRows(lines) {
		if row.left == row.right && (lines[row.left].sign == '@' || lines[row.left].sign == 'f') {
			drawn = append(drawn, lines[row.left].body(s, lines[row.left].text))
			continue
		}
		left, right := style.Blanks(half), ""
		if row.left >= 0 {
			left = lines[row.left].side(s, lines[row.left].before, digits, half)
		}
		if row.right >= 0 {
			right = lines[row.right].side(s, lines[row.right].after, digits, half)
		}
		drawn = append(drawn, left+line+right)
	}
	return drawn
}

// side draws the line as one of two columns of a width, behind its number if digits is
// not 0.
func (l diffLine) side(s *style.Styles, n, digits, width int) string {
	numbers := ""
	if digits > 0 {
		numbers = s.DiffHunk.Render(number(n, digits) + " ")
		width -= digits + 1
	}
	const sign = 2
	text := style.Truncate(l.text, width-sign, s.Glyphs.Ellipsis)
	return numbers + l.body(s, text) + style.Blanks(width-sign-style.Width(text))
}
