package widget

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// Digits is a number that is read from afar: each digit is drawn of lines, as on the
// display of a clock.
type Digits struct {
	// Text is made of digits and points; anything else is a blank.
	Text string
	// Style is its look.
	Style style.Style
}

// The parts of a digit: three level lines, then the upright ones at the left and at
// the right of its upper and its lower half.
const (
	upper = 1 << iota
	middle
	lower
	leftAbove
	rightAbove
	leftBelow
	rightBelow
)

// segments returns the parts of a digit.
func segments(digit rune) int {
	parts := [...]int{
		upper | lower | leftAbove | rightAbove | leftBelow | rightBelow,
		rightAbove | rightBelow,
		upper | middle | lower | rightAbove | leftBelow,
		upper | middle | lower | rightAbove | rightBelow,
		middle | leftAbove | rightAbove | rightBelow,
		upper | middle | lower | leftAbove | rightBelow,
		upper | middle | lower | leftAbove | leftBelow | rightBelow,
		upper | rightAbove | rightBelow,
		upper | middle | lower | leftAbove | rightAbove | leftBelow | rightBelow,
		upper | middle | lower | leftAbove | rightAbove | rightBelow,
	}
	if digit < '0' || digit > '9' {
		return 0
	}
	return parts[digit-'0']
}

// digitWidth is how wide a digit of a height is, in cells.
func digitWidth(height int) int {
	if height >= 5 {
		return 4
	}
	return 3
}

// Width returns how many cells the number takes at a height.
func (d Digits) Width(height int) int {
	cells := 0
	for _, r := range d.Text {
		if cells > 0 {
			cells++
		}
		cells += d.cells(r, height)
	}
	return cells
}

func (d Digits) cells(r rune, height int) int {
	if r == '.' {
		return 1
	}
	return digitWidth(height)
}

// Render draws the number in that many lines: 3 or 5.
func (d Digits) Render(s *style.Styles, height int) []string {
	lines := make([]string, height)
	for y := range lines {
		var b strings.Builder
		for i, r := range d.Text {
			if i > 0 {
				b.WriteByte(' ')
			}
			switch {
			case r != '.':
				drawDigit(&b, s, segments(r), y, height)
			case y == height-1:
				b.WriteString(s.Glyphs.Point)
			default:
				b.WriteByte(' ')
			}
		}
		lines[y] = d.Style.Render(b.String())
	}
	return lines
}

// drawDigit draws line y of a digit: in each cell the lines that meet there.
func drawDigit(b *strings.Builder, s *style.Styles, parts, y, height int) {
	width, level := digitWidth(height), hasLevel(parts, y, height)
	for x := range width {
		arms := 0
		if level && x > 0 {
			arms |= style.ArmLeft
		}
		if level && x < width-1 {
			arms |= style.ArmRight
		}
		switch x {
		case 0:
			arms |= upright(parts&leftAbove != 0, parts&leftBelow != 0, y, height)
		case width - 1:
			arms |= upright(parts&rightAbove != 0, parts&rightBelow != 0, y, height)
		}
		b.WriteString(s.Glyphs.Arms[arms])
	}
}

// hasLevel reports whether a digit has a level line in line y.
func hasLevel(parts, y, height int) bool {
	switch y {
	case 0:
		return parts&upper != 0
	case height / 2:
		return parts&middle != 0
	case height - 1:
		return parts&lower != 0
	}
	return false
}

// upright returns how the upright lines of one side, above and below the middle, come
// into line y.
func upright(above, below bool, y, height int) int {
	half, arms := height/2, 0
	if y > 0 && (above && y <= half || below && y > half) {
		arms |= style.ArmUp
	}
	if y < height-1 && (above && y < half || below && y >= half) {
		arms |= style.ArmDown
	}
	return arms
}
