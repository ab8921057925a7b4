package overview

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/trend"
)

// changeLines are the findings that came and went since the session began, the newest
// first.
func (s *Screen) changeLines(width, height int) []string {
	st := s.frame.Styles
	first, newest := s.trends.Span()
	if newest.IsZero() {
		return nil // the session has not begun
	}
	changes, came, went := s.trends.Changes(height - 1)
	head := st.Muted.Render("since " + first.Format("15:04:05") + "  ")
	if came+went == 0 {
		return []string{head + st.Muted.Render("nothing")}
	}
	lines := []string{head + st.Error.Render(fmt.Sprintf("+%d", came)) + st.Muted.Render(" came  ") + st.OK.Render(fmt.Sprintf("-%d", went)) + st.Muted.Render(" went")}
	for _, c := range changes {
		lines = append(lines, s.changeLine(c, width))
	}
	return lines
}

func (s *Screen) changeLine(c trend.Change, width int) string {
	st := s.frame.Styles
	sign, look := "-", st.OK
	if c.Came {
		sign, look = "+", st.Error
	}
	severity := screen.Severity(c.Severity)
	room := max(0, width-2-4-1)
	object := min(30, room*2/5)
	return look.Render(sign) + " " + st.Severity(severity).Render(st.SeverityMark(severity)) + " " +
		st.Text.Render(style.Fit(c.Rule, room-object, style.Left, st.Glyphs.Ellipsis)) + " " +
		st.Muted.Render(style.FitText(c.Subject.Short(), object, style.Left, st.Glyphs.Ellipsis))
}

// Note says how much came and went, in the line of the path.
func (s *Screen) Note() string {
	first, _ := s.trends.Span()
	_, came, went := s.trends.Changes(0)
	if came+went == 0 {
		return ""
	}
	return fmt.Sprintf("+%d -%d findings since %s", came, went, first.Format("15:04:05"))
}
