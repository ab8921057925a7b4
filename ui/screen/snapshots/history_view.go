package snapshots

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// clock writes when a moment was.
func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") }

// historyColumns are the columns of the history: of namespaces, if they are asked for.
func historyColumns(named bool) []widget.Column {
	columns := []widget.Column{
		{ID: "time", Title: "TIME (UTC)", Min: 16, Ideal: 16, Max: 16, Priority: 10},
		{ID: "ns", Title: "NAMESPACE", Min: 9, Ideal: 14, Max: 24, Priority: 9, Passing: true},
		{ID: "score", Title: "SCORE", Min: 8, Ideal: 9, Max: 9, Priority: 10},
		{ID: "change", Title: "CHANGE", Min: 6, Ideal: 7, Max: 7, Priority: 8, Align: style.Right},
		{ID: "critical", Title: "CRIT", Min: 4, Ideal: 5, Max: 6, Priority: 7, Align: style.Right, Falling: true},
		{ID: "high", Title: "HIGH", Min: 4, Ideal: 5, Max: 6, Priority: 6, Align: style.Right, Falling: true},
		{ID: "medium", Title: "MED", Min: 4, Ideal: 5, Max: 6, Priority: 4, Align: style.Right, Falling: true},
		{ID: "seen", Title: "SEEN", Min: 5, Ideal: 5, Max: 5, Priority: 5, Align: style.Right},
		{ID: "moment", Title: "MOMENT", Min: 12, Ideal: 30, Max: widget.Unlimited, Priority: 9},
	}
	if !named {
		columns = slices.Delete(columns, 1, 2)
	}
	return columns
}

// draw draws the view below the line of the views.
func (h *history) draw(name string, r widget.Rect) widget.Block {
	st := h.screen.frame.Styles
	if name == "scores" {
		return widget.Box{Padding: 1, Title: h.about()}.RenderLines(st, r.W, r.H, func(w, height int) []string { return h.scores(st, w, height) })
	}
	h.table.Empty = h.empty()
	return h.table.In(r).RenderBox(st, h.title(), r.W, r.H)
}

// scoresHeight is the height of the box with the lines of the scores.
func (h *history) scoresHeight() int {
	most := 1
	if h.screen.frame.Height >= roomy {
		const many = 8
		most = many
	}
	return 3 + min(max(1, len(h.course.lines)), most)
}

// about says whose scores they are.
func (h *history) about() string {
	if c := h.course.cluster; c != "" {
		return "Scores of " + c
	}
	return "Scores"
}

// scores draws a line for what is shown, and below by what rules it was judged.
func (h *history) scores(st *style.Styles, width, height int) []string {
	lines, room := []string{}, max(1, height-1)
	name := 0
	for _, l := range h.course.lines {
		name = min(24, max(name, style.Width(l.called())))
	}
	for i, l := range h.course.lines[:min(room, len(h.course.lines))] {
		if rest := len(h.course.lines) - room; rest > 0 && i == room-1 && room > 1 {
			lines = append(lines, st.Muted.Render(fmt.Sprintf("and %d more namespaces", rest+1)))
			break
		}
		lines = append(lines, l.draw(st, name, width))
	}
	if len(lines) == 0 {
		lines = append(lines, st.Muted.Render("no score yet"))
	}
	rules := "each judged by today's rules, whatever was in force"
	if h.course.others > 0 {
		rules += fmt.Sprintf("; %d of other clusters left out", h.course.others)
	}
	look := st.Muted
	if _, i, ok := h.table.Selected(); ok && i < len(h.course.kept) && h.course.kept[i].failed != nil {
		rules, look = why(h.course.kept[i].moment, h.course.kept[i]), st.Error // its row may have no room for it
	}
	return append(lines, look.Render(style.Truncate(style.Clean(rules), width, st.Glyphs.Ellipsis)))
}

// called names what a line is of.
func (l line) called() string {
	if l.namespace == "" {
		return "cluster"
	}
	return style.Clean(l.namespace)
}

// draw draws the way of the scores and their range.
func (l line) draw(st *style.Styles, name, width int) string {
	scored := slices.DeleteFunc(slices.Clone(l.scores), math.IsNaN)
	head := st.Text.Render(style.Fit(l.called(), name, style.Left, st.Glyphs.Ellipsis)) + " "
	if len(scored) == 0 {
		return head + st.Muted.Render("not scored")
	}
	first, last := scored[0], scored[len(scored)-1]
	span := fmt.Sprintf(" %.1f to %.1f, between %.1f and %.1f", first, last, slices.Min(scored), slices.Max(scored))
	const widest = 6 // cells for a moment: more makes it no clearer
	trend := ""
	if room := width - name - 1 - len(span); room > 0 {
		values := l.scores[max(0, len(l.scores)-room):]
		wide := make([]float64, 0, room)
		for _, value := range values {
			wide = append(wide, slices.Repeat([]float64{value}, min(widest, room/len(values)))...)
		}
		text, look := widget.ScoreTrend(st, wide)
		trend = look.Render(text)
	}
	return head + trend + st.Muted.Render(span)
}

// title says how many moments there are, and which are shown.
func (h *history) title() string {
	c := h.course
	title := screen.FilterTitle("History", len(c.kept), c.all, c.text) + screen.Unfiltered(h.refused)
	switch {
	case h.failed != nil:
		title += ": " + h.failed.Error()
	case c.unread > 0:
		title += fmt.Sprintf("  %d to read", c.unread) + h.screen.frame.Styles.Glyphs.Ellipsis
	case h.listed && len(c.moments) == 1:
		title += ": no recording of this cluster yet"
	case !h.listed || h.arranging.Late():
		title += h.screen.frame.Styles.Glyphs.Ellipsis
	}
	return title
}

// empty says why there is no row.
func (h *history) empty() string {
	if h.course.text != "" {
		return "no moment matches the filter"
	}
	return "nothing is judged yet"
}

// historyRows are the history as a table shows it.
type historyRows struct{ h *history }

// Len returns the number of rows.
func (r historyRows) Len() int { return len(r.h.course.kept) }

// Key names a row by its moment and what it is of.
func (r historyRows) Key(i int) string { return r.h.course.kept[i].key() }

// Cells appends the cells of a row.
func (r historyRows) Cells(i int, dst []widget.Cell) []widget.Cell {
	p, st := r.h.course.kept[i], r.h.screen.frame.Styles
	dst = append(dst, widget.Cell{Text: clock(p.time), Style: st.Text})
	if r.h.course.named {
		dst = append(dst, widget.Cell{Text: p.namespace, Style: st.Text})
	}
	name := widget.Cell{Text: r.h.sides(p.moment) + p.moment, Style: st.Text}
	if !p.known {
		state := widget.Cell{Text: "reading", Style: st.Muted}
		if p.failed != nil {
			state = widget.Cell{Text: "failed", Style: st.Error}
			name = widget.Cell{Text: why(name.Text, p), Style: st.Error}
		} else if r.h.under == p.under {
			name.Text += ": " + r.h.far()
		}
		none := widget.Cell{}
		return append(dst, state, none, none, none, none, none, name)
	}
	s := p.standing
	scored := widget.Cell{Text: "n/a", Style: st.Muted}
	if s.scored {
		scored = widget.Cell{Text: fmt.Sprintf("%5.1f %s", s.score, s.grade), Style: st.Score(s.score)}
	}
	change := widget.Cell{}
	if !math.IsNaN(p.change) {
		change = widget.Cell{Text: screen.Change(math.Round(10*p.change) / 10), Style: screen.ChangeStyle(st, p.change)}
		if p.apart { // one could not see as much
			change = widget.Cell{Text: change.Text + "?", Style: st.Warn}
		}
	}
	dst = append(dst, scored, change)
	for _, severity := range []audit.Severity{audit.Critical, audit.High, audit.Medium} {
		look := st.Muted
		if s.counts[severity] > 0 {
			look = st.Severity(screen.Severity(severity))
		}
		dst = append(dst, widget.Cell{Text: fmt.Sprint(s.counts[severity]), Style: look})
	}
	return append(dst, widget.Cell{Text: fmt.Sprintf("%.0f %%", s.coverage), Style: st.Muted}, name)
}

// why says why a recording could not be judged, with its name.
func why(label string, p point) string {
	text := strings.TrimSpace(p.failed.Error())
	if strings.Contains(text, p.moment) {
		return text
	}
	return label + ": " + text
}

// sides says which side of the comparison a moment is, or that it was chosen as one.
func (h *history) sides(moment string) string {
	switch {
	case h.chosen != "" && h.chosen == moment:
		return "> "
	case h.chosen != "":
		return ""
	case h.screen.sides[0].name == moment:
		return "A "
	case h.screen.sides[1].name == moment:
		return "B "
	}
	return ""
}

// far says how far the recording under way is.
func (h *history) far() string {
	if progress := h.progress.Load(); progress < judging {
		return fmt.Sprintf("%d %%", progress)
	}
	return "judging"
}
