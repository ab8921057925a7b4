package ui

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// How wide and how high a small terminal must be for what is not the score itself.
const (
	gaugeFrom  = 4  // lines
	hintFrom   = 5  // lines
	countsFrom = 34 // cells of a line of a namespace that has its counts as well
)

// compact is the screen of a terminal that is too small for any other: the score, how
// much was found, how fresh that is and where it is worst, in as many lines as there
// are.
func (m *Model) compact() []string {
	st, a := m.styles, m.news.Assessment
	if a == nil {
		text := "seaworthy: connecting"
		if m.news.Err != nil {
			text = m.news.Err.Error()
		}
		return widget.NewBlock(st, []string{st.Muted.Render(text), st.Muted.Render(m.keyOf(keymap.Quit) + " quits")}, m.width, m.height)
	}
	verdict := m.verdict(a)
	fresh := m.freshness()
	counts := score.Counts{}
	for _, n := range a.Namespaces {
		for severity, count := range n.Counts {
			counts[severity] += count
		}
	}
	found, state := screen.Counts(st, counts), fresh.Style.Render(fresh.Text)
	if counts == (score.Counts{}) && !m.news.Cluster.Settled() {
		found = st.Muted.Render("nothing found yet")
	}
	if m.height == 1 {
		return widget.NewBlock(st, []string{verdict + "  " + found}, m.width, 1)
	}
	lines := []string{
		between(verdict, st.Header.Render(a.Cluster.Info.Name), m.width),
		between(found, state, m.width),
	}
	if a.Scored && m.news.Cluster.Settled() && m.height >= gaugeFrom {
		lines = append(lines, widget.Gauge{Value: a.Score / 100, Style: st.Score(a.Score)}.Render(st, m.width))
	}
	return widget.NewBlock(st, m.worst(lines), m.width, m.height)
}

// worst adds, as far as there are lines, where it is worst, and at the end how to see
// more.
func (m *Model) worst(lines []string) []string {
	st, all := m.styles, m.news.Assessment.Namespaces
	hint := 0
	if m.height >= hintFrom {
		hint = 1
	}
	for _, n := range all[:min(len(all), max(m.height-len(lines)-hint, 0))] {
		if n.Scored && m.news.Cluster.Settled() {
			lines = append(lines, m.compactLine(n))
		}
	}
	if hint == 0 {
		return lines
	}
	for len(lines) < m.height-1 {
		lines = append(lines, "")
	}
	size := fmt.Sprintf("%dx%d shows all", leastWidth, leastHeight)
	return append(lines, between(st.Muted.Render(m.keyOf(keymap.Quit)+" quits"), st.Muted.Render(size), m.width))
}

// verdict is the score with its grade, or how far the reading is.
func (m *Model) verdict(a *score.Assessment) string {
	st := m.styles
	switch {
	case !m.news.Cluster.Settled():
		text := st.Warn.Render(fmt.Sprintf("reading %.0f %%", 100*progressOf(m.news.Cluster).share()))
		if a.Scored {
			text += st.Muted.Render(fmt.Sprintf("  so far %.1f", a.Score)) // which is no verdict yet
		}
		return text
	case a.Scored:
		return st.Score(a.Score).Render(fmt.Sprintf("%.1f %s %s", a.Score, a.Grade, st.GradeMark(a.Grade)))
	}
	return st.Muted.Render("nothing to score")
}

// compactLine is a namespace in a line.
func (m *Model) compactLine(n *score.Namespace) string {
	st := m.styles
	look := st.Score(n.Score)
	right := look.Render(style.PadLeft(fmt.Sprintf("%.1f %s %s", n.Score, n.Grade, st.GradeMark(n.Grade)), 11))
	if m.width >= countsFrom {
		right = screen.Counts(st, n.Counts) + right
	}
	name := max(0, m.width-style.Width(right)-1)
	return st.Text.Render(style.FitText(n.Name, name, style.Left, st.Glyphs.Ellipsis)) + " " + right
}
