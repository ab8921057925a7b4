package screen

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// AppendHeat draws the cell of a heat map, so many cells wide: a shade and a colour by
// the score, blank where there is none.
func AppendHeat(b *strings.Builder, s *style.Styles, c score.CategoryScore, cells int) {
	if !c.Scored {
		b.WriteString(style.Blanks(cells))
		return
	}
	s.Score(c.Score).AppendTimes(b, s.HeatMark(c.Score), cells)
}

// HeatLegend says what the shades of a heat map mean.
func HeatLegend(s *style.Styles) string {
	var parts []string
	for _, step := range []struct {
		score float64
		text  string
	}{{0, "<60"}, {60, "<70"}, {70, "<80"}, {80, "<90"}, {90, "90+"}} {
		parts = append(parts, s.Score(step.score).Render(s.HeatMark(step.score))+s.Muted.Render(" "+step.text))
	}
	return strings.Join(parts, "  ")
}
