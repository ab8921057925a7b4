package screen

import (
	"fmt"
	"math"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// Counts draws how many findings there are of each severity, worst first:
// letter and shape with the number, so that it reads without colour.
func Counts(s *style.Styles, counts score.Counts) string {
	var parts []string
	for _, severity := range audit.Severities()[:4] {
		if count := counts[severity]; count > 0 {
			look := Severity(severity)
			parts = append(parts, s.Severity(look).Render(fmt.Sprintf("%s%d", look.Letter(), count)))
		}
	}
	if len(parts) == 0 {
		return s.OK.Render(s.Glyphs.Tick) + s.Muted.Render(" no findings")
	}
	return strings.Join(parts, " ")
}

// gaugeLeast is the narrowest gauge that still says something, gaugeMost the
// widest that the eye still follows to its number, in cells.
const (
	gaugeLeast = 12
	gaugeMost  = 60
)

// Gauges draws a line for each category: name, gauge, score and, where there is
// room, its counts and what it costs.
func Gauges(s *style.Styles, categories []score.CategoryScore, width int) []string {
	const number = 6
	name, counts, cost := 0, 0, 7
	for _, c := range categories {
		name = max(name, style.Width(c.Title))
		counts = max(counts, style.Width(Counts(s, c.Counts)))
	}
	room := width - name - 1 - number - 2 - counts
	if room-cost < gaugeLeast {
		cost = 0
	}
	if room < gaugeLeast/2 {
		room += 2 + counts
		counts = 0
	}
	gauge := min(max(4, room-cost), gaugeMost)
	var lines []string
	for _, c := range categories {
		line := s.Text.Render(style.PadRight(c.Title, name)) + " "
		if !c.Scored {
			lines = append(lines, line+widget.Gauge{Value: math.NaN()}.Render(s, gauge)+s.Muted.Render(style.PadLeft("n/a", number)))
			continue
		}
		look := s.Score(c.Score)
		line += widget.Gauge{Value: c.Score / 100, Style: look}.Render(s, gauge) + look.Render(fmt.Sprintf("%*.1f", number, c.Score))
		if cost > 0 {
			points := ""
			if c.Points > 0 {
				points = fmt.Sprintf("-%.1f", c.Points)
			}
			line += s.Muted.Render(style.PadLeft(points, cost))
		}
		if counts > 0 {
			line += "  " + Counts(s, c.Counts)
		}
		lines = append(lines, line)
	}
	return lines
}

// pairFrom is the width from which two columns of gauges have room, in cells.
const pairFrom = 150

// Hearts returns the categories that are always shown.
func Hearts(categories []score.CategoryScore) []score.CategoryScore {
	return slices.DeleteFunc(slices.Clone(categories), func(c score.CategoryScore) bool { return !c.Heart })
}

// SummaryHeight is the height of the box with the gauges on a screen of a
// height: no more than two fifths of it, for the table below is what is worked
// with.
func SummaryHeight(categories []score.CategoryScore, height int) int {
	return min(len(Hearts(categories))+2, max(3, height*2/5))
}

// HeartGauges draws the categories that are always shown, one a line, and in a
// wide place the others beside them as far as they find a line.
func HeartGauges(s *style.Styles, categories []score.CategoryScore, width int) []string {
	others := slices.DeleteFunc(slices.Clone(categories), func(c score.CategoryScore) bool { return c.Heart || !c.Scored })
	if width < pairFrom || len(others) == 0 {
		return Gauges(s, Hearts(categories), width)
	}
	const between = 4
	half := (width - between) / 2
	left, right := Gauges(s, Hearts(categories), half), Gauges(s, others, half)
	for i := range min(len(left), len(right)) {
		left[i] = style.Fit(left[i], half+between, style.Left, s.Glyphs.Ellipsis) + right[i]
	}
	return left
}

// TurnSides shows a change side by side or in one column, the other way than before, or
// tells that it has no room for two.
func TurnSides(change *widget.Diff, width int) tea.Cmd {
	if width < widget.SidesFrom {
		return nav.Notice(fmt.Sprintf("side by side needs %d columns, and there are %d: it stays in one", widget.SidesFrom, width))
	}
	change.SetSides(!change.Sides())
	return nil
}
