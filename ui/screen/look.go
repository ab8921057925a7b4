package screen

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// FindingCells returns how bad a finding is, what it costs, and the look of the rest of
// its row. What follows from another finding is muted: it costs nothing.
func FindingCells(s *style.Styles, f *score.Finding) (severity, cost widget.Cell, text style.Style) {
	of := Severity(f.Severity)
	mark, text, points := s.Severity(of), s.Text, fmt.Sprintf("-%.2f", f.Points)
	switch {
	case f.Accepted != nil:
		mark, text, points = s.Muted, s.Muted, "accept."
	case f.Implied != "":
		mark, text, points = s.Muted, s.Muted, "implied"
	case f.Points == 0:
		points = "0"
	}
	return widget.Cell{Text: s.SeverityMark(of), Style: mark}, widget.Cell{Text: points, Style: text}, text
}

// Tabs draws the names of views in one line; the one that is shown stands in brackets.
func Tabs(s *style.Styles, names []string, at, width int) string {
	line, used := "", 0
	for i, name := range names {
		label, look := " "+name+" ", s.Muted
		if i == at {
			label, look = "["+name+"]", s.Title
		}
		line += look.Render(label)
		used += style.Width(label)
	}
	return style.Fit(line, width, style.Left, s.Glyphs.Ellipsis)
}
