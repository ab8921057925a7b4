package widget

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// Diff shows a unified diff: signs and colours for what comes and goes, what differs
// within a line underlined, and the numbers of the lines where there is room. It
// scrolls as Lines does. The zero value shows nothing, and what it shows in one column.
type Diff struct {
	Lines
	lines []diffLine
	sides bool
	// sought says that the first line that comes or goes is still to be brought into
	// view.
	sought bool
}

// numberedFrom is the width from which on line numbers are shown.
const numberedFrom = 50

// SidesFrom is the width from which on what was and what will be have room beside each
// other.
const SidesFrom = 96

// diffLine is one line of a unified diff.
type diffLine struct {
	// sign is '+', '-' or ' ' for lines of a hunk, '@' for the head of one,
	// 'f' for the names of the files.
	sign byte
	// text is the line without its sign, cleaned.
	text string
	// before and after are the numbers of the line, from 1; 0 for none.
	before, after int
	// pair is the index of the line that this one becomes, or was; -1 for none.
	pair int
	// from and to are the bytes of the text that its pair does not have.
	from, to int
}

// changed reports whether the line comes or goes.
func (l diffLine) changed() bool { return l.sign == '+' || l.sign == '-' }

// SetDiff shows a unified diff, from its start or, where there is no room for
// what stands before it, from just before the first change. Lines without a hunk
// before them are taken as they are, without numbers.
func (d *Diff) SetDiff(unified string) {
	d.lines, d.sought = parseDiff(unified), true
	pairLines(d.lines)
	d.build(d.SetContent)
}

// SetText shows a text instead of a diff.
func (d *Diff) SetText(text string) {
	d.lines = nil
	d.Lines.SetText(text)
}

// SetSides says whether what was and what will be are shown beside each other, where
// there is room ([SidesFrom]).
func (d *Diff) SetSides(on bool) {
	if d.sides == on {
		return
	}
	d.sides = on
	if d.lines != nil {
		d.sought = true
		d.build(d.SetContent)
	}
}

// Sides reports whether what was and what will be are shown beside each other, where
// there is room.
func (d *Diff) Sides() bool { return d.sides }

// build says how the lines are drawn.
func (d *Diff) build(set func(func(*style.Styles, int) []string)) {
	lines, sides := d.lines, d.sides
	last := 0
	for _, line := range lines {
		last = max(last, line.before, line.after)
	}
	set(func(s *style.Styles, width int) []string {
		digits := 0
		if last > 0 && width >= numberedFrom {
			digits = len(strconv.Itoa(last))
		}
		if sides && width >= SidesFrom {
			return drawSides(s, lines, digits, width)
		}
		drawn := make([]string, len(lines))
		for i, line := range lines {
			drawn[i] = line.draw(s, digits)
		}
		return drawn
	})
}

// Render draws the visible lines.
func (d *Diff) Render(s *style.Styles, width, height int) Block {
	if d.sought && height > 0 {
		d.sought = false
		d.Height(s, width)
		first := slices.IndexFunc(d.lines, diffLine.changed)
		if d.sides && width >= SidesFrom {
			first = slices.IndexFunc(sideRows(d.lines), func(r sideRow) bool {
				return r.left >= 0 && d.lines[r.left].changed() || r.right >= 0 && d.lines[r.right].changed()
			})
		}
		if d.page = height; first+1 >= height {
			d.Scroll(first - 1)
		}
	}
	return d.Lines.Render(s, width, height)
}

// parseDiff reads the lines of a unified diff (GNU diffutils manual, "Detailed
// Description of Unified Format").
func parseDiff(unified string) []diffLine {
	if unified == "" {
		return nil
	}
	var lines []diffLine
	before, after := 0, 0
	left, right := 0, 0 // What the hunk still has to come.
	for _, text := range style.Lines(unified) {
		line := diffLine{sign: ' ', text: text, pair: -1}
		inHunk := left > 0 || right > 0
		switch {
		case strings.HasPrefix(text, "@@"):
			line.sign = '@'
			before, left, after, right = parseHunk(text)
		case !inHunk && (strings.HasPrefix(text, "--- ") || strings.HasPrefix(text, "+++ ")):
			line.sign = 'f'
		case strings.HasPrefix(text, "+"):
			line = diffLine{sign: '+', text: text[1:], after: after, pair: -1}
			after, right = next(after), right-1
		case strings.HasPrefix(text, "-"):
			line = diffLine{sign: '-', text: text[1:], before: before, pair: -1}
			before, left = next(before), left-1
		case strings.HasPrefix(text, `\`):
			line.sign = 'f' // "\ No newline at end of file" belongs to no side.
		default:
			line.text = strings.TrimPrefix(text, " ")
			line.before, line.after = before, after
			before, after, left, right = next(before), next(after), left-1, right-1
		}
		lines = append(lines, line)
	}
	return lines
}

// next counts a line number up; 0 stays, for lines outside of hunks.
func next(number int) int {
	if number == 0 {
		return 0
	}
	return number + 1
}

// parseHunk reads "@@ -first,count +first,count @@". A malformed head has no
// numbers.
func parseHunk(text string) (before, left, after, right int) {
	fields := strings.Fields(text)
	if len(fields) < 3 {
		return 0, 0, 0, 0
	}
	before, left = parseRange(fields[1], "-")
	after, right = parseRange(fields[2], "+")
	return before, left, after, right
}

func parseRange(text, sign string) (first, count int) {
	start, length, hasLength := strings.Cut(strings.TrimPrefix(text, sign), ",")
	first, err := strconv.Atoi(start)
	if err != nil || first < 0 {
		return 0, 0
	}
	if !hasLength {
		return first, 1
	}
	if count, err = strconv.Atoi(length); err != nil {
		return 0, 0
	}
	return first, count
}

// draw draws the line behind its two numbers, if digits is not 0.
func (l diffLine) draw(s *style.Styles, digits int) string {
	numbers := ""
	if digits > 0 && l.sign != '@' && l.sign != 'f' {
		numbers = s.DiffHunk.Render(number(l.before, digits) + " " + number(l.after, digits) + " ")
	}
	return numbers + l.body(s, l.text)
}

// body draws the line's sign, if it has one, and its text or the beginning of that.
func (l diffLine) body(s *style.Styles, text string) string {
	whole, part := s.DiffAdd, s.DiffAddPart
	switch l.sign {
	case '+':
	case '-':
		whole, part = s.DiffRemove, s.DiffRemovePart
	case '@':
		return s.DiffHunk.Render(text)
	case 'f':
		return s.Title.Render(text)
	default:
		return s.Text.Render("  " + text)
	}
	from, to := min(l.from, len(text)), min(l.to, len(text))
	sign := string(rune(l.sign)) + " "
	if from >= to {
		return whole.Render(sign + text)
	}
	return whole.Render(sign+text[:from]) + part.Render(text[from:to]) + whole.Render(text[to:])
}

func number(n, digits int) string {
	if n == 0 {
		return style.Blanks(digits)
	}
	return fmt.Sprintf("%*d", digits, n)
}
