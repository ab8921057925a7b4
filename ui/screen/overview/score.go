package overview

import (
	"fmt"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/trend"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// scoreLines are the score and what it rests on, the most important first: what finds
// no line is left out.
func (s *Screen) scoreLines(width, height int) []string {
	st, a := s.frame.Styles, s.shown
	lines := s.head(width, height)
	if text := reading(s.read); text != "" {
		lines = append(lines, st.Warn.Render(text))
	}
	if a.Scored {
		lines = append(lines, widget.Gauge{Value: a.Score / 100, Style: st.Score(a.Score)}.Render(st, width))
	}
	if len(lines)+3 < height {
		lines = append(lines, "") // between what is read from afar and the figures
	}
	if a.Scored || a.Count() > 0 {
		platform := ""
		if a.Platform != nil {
			platform = st.Muted.Render("platform ") + st.Score(*a.Platform).Render(fmt.Sprintf("%.1f", *a.Platform))
		}
		lines = append(lines, sides(screen.Counts(st, s.counts), platform, width),
			sides(s.coverageLine(), st.Muted.Render("rule set "+score.RuleSet), width))
	}
	if first, newest := s.trends.Span(); len(lines)+1 < height && newest.Sub(first) >= time.Second {
		_, came, went := s.trends.Changes(0)
		lines = append(lines, "", st.Muted.Render(fmt.Sprintf("%d came, %d went in %s", came, went, screen.Age(newest.Sub(first)))))
	}
	return lines
}

// head is the score itself, as large as there is room, its grade and how it went.
func (s *Screen) head(width, height int) []string {
	st, a := s.frame.Styles, s.shown
	if !a.Scored {
		text := "nothing to score"
		if !s.read.Settled() {
			text += " yet"
		}
		return []string{st.Muted.Render(text)}
	}
	look := st.Score(a.Score)
	text := fmt.Sprintf("%.1f", a.Score)
	grade := st.Muted.Render("grade ") + look.Render(a.Grade+" "+st.GradeMark(a.Grade))
	if a.Score == 100 {
		text = "100"
	}
	rows := 3
	digits := widget.Digits{Text: text, Style: look}
	switch {
	case height < 5:
		return []string{look.Render(text) + st.Muted.Render(" /100   ") + grade}
	case st.Glyphs.Spoken:
		lines := []string{look.Render(text) + st.Muted.Render(" of 100, ") + grade}
		if points, known := s.trends.Change(trend.Key{}); known {
			lines = append(lines, screen.ChangeStyle(st, points).Render(screen.Change(points))+st.Muted.Render(s.since(width)))
		}
		return lines
	case height >= 9 && digits.Width(5)+14 <= width:
		rows = 5
	}
	const between = 2
	beside := make([]string, rows)
	beside[0] = grade
	room := width - digits.Width(rows) - between
	course := s.trends.Course(nil, trend.Key{}, min(room, 20))
	points, known := s.trends.Change(trend.Key{})
	switch {
	case known:
		way, wayLook := widget.ScoreTrend(st, course)
		beside[rows/2] = wayLook.Render(way)
		beside[rows-1] = screen.ChangeStyle(st, points).Render(screen.Change(points)) + st.Muted.Render(s.since(room))
	default:
		beside[rows-1] = st.Muted.Render("of 100")
	}
	lines := digits.Render(st, rows)
	for i := range lines {
		lines[i] += style.Blanks(between) + beside[i]
	}
	return lines
}

// since says in which time the score changed, if that has room.
func (s *Screen) since(room int) string {
	first, newest := s.trends.Span()
	text := " in " + screen.Age(newest.Sub(first))
	if newest.Sub(first) < time.Second || 5+len(text) > room {
		return ""
	}
	return text
}

// sides puts two texts at the ends of a line, the right one if it has room.
func sides(left, right string, width int) string {
	room := width - style.Width(left) - style.Width(right)
	if right == "" || room < 1 {
		return left
	}
	return left + style.Blanks(room) + right
}

func (s *Screen) coverageLine() string {
	st, a := s.frame.Styles, s.shown
	look := st.Muted
	if a.Coverage < 80 {
		look = st.Warn
	}
	line := look.Render(fmt.Sprintf("coverage %.0f %%", a.Coverage))
	if a.Accepted > 0 {
		line += st.Muted.Render(fmt.Sprintf("   %d accepted", a.Accepted))
	}
	return line
}

// reading says how far the first read is, nothing once it is over.
func reading(c *kube.Cluster) string {
	if c.Settled() {
		return ""
	}
	settled, all := 0, 0
	for _, state := range c.States() {
		if state.Moot() {
			continue
		}
		all++
		if state.Settled() {
			settled++
		}
	}
	return fmt.Sprintf("read %d of %d resources", settled, all)
}

// categories are those that are always shown, then the others that apply.
func (s *Screen) categories() []score.CategoryScore {
	list := screen.Hearts(s.shown.Categories)
	for _, c := range s.shown.Categories {
		if !c.Heart && c.Scored {
			list = append(list, c)
		}
	}
	return list
}

// categoryLines are a gauge for each category and, where there is room below them,
// what the figures rest on.
func (s *Screen) categoryLines(width, height int) []string {
	st := s.frame.Styles
	lines := screen.HeartGauges(st, s.shown.Categories, width)
	if list := s.categories(); height > len(lines) && len(list) > len(lines) {
		lines = screen.Gauges(st, list[:min(len(list), height)], width)
	}
	if len(lines)+2 > height {
		return lines
	}
	blind := 0
	for _, state := range s.read.States() {
		if state.Settled() && state.Blind() && state.Phase != kube.Absent && state.Phase != kube.Skipped {
			blind++
		}
	}
	text := "all that is asked for is read"
	look := st.Muted
	if blind > 0 {
		text, look = fmt.Sprintf("%d kinds are not read: :coverage names them", blind), st.Warn
	}
	return append(lines, "", sides(look.Render(text), st.Muted.Render("as of "+s.read.Time.Format("15:04:05")), width))
}
