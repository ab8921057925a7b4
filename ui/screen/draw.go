package screen

import (
	"fmt"
	"math"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// Counts draws how many findings there are of each severity, worst first:
// letter and shape with the number, so that it reads without colour.
func Counts(s *style.Styles, counts map[audit.Severity]int) string {
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

// Gauges draws a line for each category: name, gauge, score, what it costs and
// its counts.
func Gauges(s *style.Styles, categories []score.CategoryScore, width int) []string {
	const number, cost = 5, 7
	name, counts := 0, 0
	for _, c := range categories {
		name = max(name, style.Width(c.Title))
		counts = max(counts, style.Width(Counts(s, c.Counts)))
	}
	counts = min(counts, max(0, width-name-number-cost-12))
	gauge := max(4, width-name-number-cost-counts-5)
	var lines []string
	for _, c := range categories {
		line := s.Text.Render(style.PadRight(c.Title, name)) + " "
		if !c.Scored {
			lines = append(lines, line+widget.Gauge{Value: math.NaN()}.Render(s, gauge)+s.Muted.Render(style.PadLeft(" n/a", number+1)))
			continue
		}
		look := s.Score(c.Score)
		line += widget.Gauge{Value: c.Score / 100, Style: look}.Render(s, gauge)
		line += look.Render(fmt.Sprintf(" %*.1f", number, c.Score))
		points := fmt.Sprintf("-%.1f", c.Points)
		if c.Points == 0 {
			points = ""
		}
		line += s.Muted.Render(style.PadLeft(points, cost)) + "  "
		lines = append(lines, line+style.Fit(Counts(s, c.Counts), counts, style.Left, s.Glyphs.Ellipsis))
	}
	return lines
}
