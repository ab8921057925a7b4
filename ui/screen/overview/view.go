package overview

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// How wide boxes are, and from which width of the screen those at the right have
// room, in cells.
const (
	scoreWidth = 27
	rightLeast = 44
	rightMost  = 70
	rightFrom  = 130
	fixesMost  = 12 // lines of what gains most, where the namespace stands below
	tallFrom   = 28 // the height of both boxes together from which both have room
)

// View draws the screen.
func (s *Screen) View() []string {
	f := s.frame
	tree := widget.Pane{Direction: widget.Stack, Panes: []widget.Pane{
		{Fixed: s.summary(), Priority: 1, Direction: widget.Columns, Panes: []widget.Pane{
			{Name: "score", Fixed: scoreWidth}, {Name: "categories", Min: 30},
		}},
		{Min: 5, Priority: 2, Direction: widget.Columns, Panes: s.lower()},
	}}
	return tree.Draw(f.Styles, widget.Rect{W: f.Width, H: f.Height}, s.draw)
}

// summary is the height of the boxes above the table.
func (s *Screen) summary() int { return screen.SummaryHeight(s.shown.Categories, s.frame.Height) }

func (s *Screen) lower() []widget.Pane {
	table, fixes := widget.Pane{Name: "namespaces", Min: 40}, widget.Pane{Name: "fixes"}
	if s.frame.Width < rightFrom {
		return []widget.Pane{table}
	}
	right := widget.Pane{Fixed: min(max(s.frame.Width/3, rightLeast), rightMost), Direction: widget.Stack, Panes: []widget.Pane{fixes}}
	if s.frame.Height-s.summary() >= tallFrom {
		right.Panes[0].Fixed = fixesMost + 2
		right.Panes = append(right.Panes, widget.Pane{Name: "namespace"})
	}
	return []widget.Pane{table, right}
}

func (s *Screen) draw(name string, r widget.Rect) widget.Block {
	st := s.frame.Styles
	box := func(b widget.Box, lines func(width, height int) []string) widget.Block {
		w, h := b.Inner(r.W, r.H)
		return b.Render(st, r.W, r.H, widget.NewBlock(st, lines(w, h), w, h))
	}
	switch name {
	case "score":
		return box(widget.Box{Title: "Score", Padding: 1}, s.scoreLines)
	case "categories":
		return box(widget.Box{Title: "Categories", Padding: 1}, s.categoryLines)
	case "fixes":
		return box(widget.Box{Title: "What gains most", Padding: 1}, s.fixLines)
	}
	if name == "namespace" {
		return box(widget.Box{Title: s.selectedTitle(), Padding: 1}, s.selectedLines)
	}
	return s.table.RenderBox(st, s.tableTitle(), r.W, r.H)
}

func (s *Screen) tableTitle() string {
	title := fmt.Sprintf("Namespaces (%d)", len(s.shown.Namespaces))
	if text := s.filter.Text(); text != "" {
		title = fmt.Sprintf("Namespaces (%d of %d) filtered by %s", s.matching, len(s.shown.Namespaces), text)
	}
	if s.refused != nil {
		title += fmt.Sprintf(" not filtered: %v", s.refused)
	}
	return title
}

// scoreLines are the score and what it rests on.
func (s *Screen) scoreLines(width, _ int) []string {
	st, a := s.frame.Styles, s.shown
	var lines []string
	if a.Scored {
		look := st.Score(a.Score)
		lines = append(lines,
			look.Render(fmt.Sprintf("%.1f", a.Score))+st.Muted.Render(" /100   grade ")+look.Render(a.Grade+" "+st.GradeMark(a.Grade)),
			widget.Gauge{Value: a.Score / 100, Style: look}.Render(st, width))
	} else {
		text := "nothing to score"
		if !s.read.Settled() {
			text += " yet"
		}
		lines = append(lines, st.Muted.Render(text))
	}
	if text := reading(s.read); text != "" {
		lines = append(lines, st.Warn.Render(text))
	}
	if a.Scored || a.Count() > 0 {
		lines = append(lines, s.coverageLine(), s.countsLine())
	}
	if a.Platform != nil {
		lines = append(lines, st.Muted.Render("platform ")+st.Score(*a.Platform).Render(fmt.Sprintf("%.1f", *a.Platform)))
	}
	return append(lines, st.Muted.Render("rule set "+score.RuleSet))
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

func (s *Screen) countsLine() string {
	return screen.Counts(s.frame.Styles, s.counts)
}

// categoryLines are a gauge for each category.
func (s *Screen) categoryLines(width, _ int) []string {
	return screen.HeartGauges(s.frame.Styles, s.shown.Categories, width)
}

// fixLines are the rules whose clearing in one namespace would gain it most.
func (s *Screen) fixLines(width, height int) []string {
	st := s.frame.Styles
	if s.gains.of == nil {
		return nil // they are on their way
	}
	var lines []string
	for _, g := range s.gains.most[:min(height, len(s.gains.most))] {
		points := fmt.Sprintf("%+6.1f", g.points)
		namespace := min(14, width/3)
		rule := max(0, width-style.Width(points)-namespace-2)
		lines = append(lines, st.OK.Render(points)+" "+
			st.Text.Render(style.Fit(g.rule, rule, style.Left, st.Glyphs.Ellipsis))+" "+
			st.Muted.Render(style.Fit(g.namespace, namespace, style.Left, st.Glyphs.Ellipsis)))
	}
	if len(lines) == 0 {
		return []string{st.Muted.Render("nothing to gain")}
	}
	return lines
}
