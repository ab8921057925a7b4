package workload

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// From which size of the screen all panes stand beside each other, in two columns or in
// three, and from which width the loads stand beside the summary, in cells and lines.
const (
	twoFrom   = 140
	threeFrom = 190
	tallFrom  = 30
	loadsFrom = 100
	// textMost is the widest pane of text: longer lines are not read well.
	textMost = 120
)

// apart reports whether all panes are seen at once.
func (s *Screen) apart() bool { return s.frame.Width >= twoFrom && s.frame.Height >= tallFrom }

// above is how many lines stand above the pane that has the focus, where one is seen.
func (s *Screen) above() int { return s.summaryHeight() + 1 }

// summaryHeight is the height of the box at the top: what it has to tell, and no more
// than two fifths of the screen.
func (s *Screen) summaryHeight() int {
	inner := max(1, s.frame.Width-4)
	lines := len(s.summary(inner))
	return min(lines+2, s.summaryMost())
}

func (s *Screen) summaryMost() int { return max(4, s.frame.Height*2/5) }

// summary are the lines of the box at the top. In a narrow place the loads follow, if
// they find room.
func (s *Screen) summary(width int) []string {
	st, f := s.frame.Styles, s.facts
	if s.frame.Width < loadsFrom {
		lines, loads := draw(st, f.summary, width), draw(st, f.loads, width)
		if len(lines)+len(loads)+2 > s.summaryMost() {
			return lines
		}
		return append(lines, loads...)
	}
	half := width / 2
	left, right := draw(st, f.summary, half-2), draw(st, f.loads, width-half)
	for len(left) < len(right) {
		left = append(left, "")
	}
	for i, line := range right {
		left[i] = style.Fit(left[i], half, style.Left, st.Glyphs.Ellipsis) + line
	}
	return left
}

// View draws the screen.
func (s *Screen) View() []string {
	f := s.frame
	s.tabs = screen.TabLine{}
	if s.workload() == nil {
		return s.nothing()
	}
	tree := widget.Pane{Direction: widget.Stack, Panes: []widget.Pane{{Name: "summary", Fixed: s.summaryHeight(), Priority: 1}}}
	if s.apart() {
		tree.Panes = append(tree.Panes, s.columns())
	} else {
		tree.Panes = append(tree.Panes, widget.Pane{Name: "tabs", Fixed: 1, Priority: 2}, widget.Pane{Name: s.pane(), Min: 4, Priority: 3})
	}
	return tree.Draw(f.Styles, widget.Rect{W: f.Width, H: f.Height}, s.draw)
}

// columns are all panes, beside each other.
func (s *Screen) columns() widget.Pane {
	stack := func(width int, panes ...widget.Pane) widget.Pane {
		return widget.Pane{Direction: widget.Stack, Panes: panes, Fixed: width, Priority: 1}
	}
	rest := func(name string) widget.Pane { return widget.Pane{Name: name, Min: 4} }
	height := s.frame.Height - s.summaryHeight()
	pods := widget.Pane{Name: podsPane, Fixed: max(4, min(len(s.facts.pods)+3, height*2/5))}
	row := widget.Pane{Direction: widget.Columns, Min: 8, Priority: 3}
	if s.frame.Width < threeFrom {
		right := min(textMost, s.frame.Width*9/20)
		row.Panes = []widget.Pane{
			stack(s.frame.Width-right, rest(findingsPane), pods),
			stack(right, rest(containersPane), s.fitting(networkPane, right, height*3/10), s.fitting(identityPane, right, height*3/10)),
		}
		return row
	}
	side := min(textMost, s.frame.Width*3/10)
	row.Panes = []widget.Pane{
		stack(s.frame.Width-2*side, rest(findingsPane), pods),
		stack(side, rest(containersPane)),
		stack(side, s.fitting(networkPane, side, height/2), rest(identityPane)),
	}
	return row
}

// fitting is a pane of text that is as high as its text, up to so many lines.
func (s *Screen) fitting(pane string, width, most int) widget.Pane {
	return widget.Pane{Name: pane, Fixed: max(4, min(s.texts[pane].Height(s.frame.Styles, width-4)+2, most))}
}

// nothing is drawn where there is no such workload, or not yet.
func (s *Screen) nothing() []string {
	st, f := s.frame.Styles, s.frame
	text := "looking for it"
	switch {
	case s.shown == nil || s.facts == nil:
	case !s.shown.Cluster.Settled():
		text = fmt.Sprintf("%s %s is not read yet", s.of.kind, s.of.name)
	default:
		text = fmt.Sprintf("there is no %s %s in %s, or it cannot be seen", s.of.kind, s.of.name, s.of.namespace)
	}
	box := widget.Box{Title: "Workload", Padding: 1, Focus: true}
	w, h := box.Inner(f.Width, f.Height)
	line := st.Muted.Render(style.Cut(text, w, st.Glyphs.Ellipsis))
	return box.Render(st, f.Width, f.Height, widget.NewBlock(st, []string{line}, w, h))
}

func (s *Screen) draw(pane string, r widget.Rect) widget.Block {
	st, f := s.frame.Styles, s.facts
	box := widget.Box{Padding: 1, Focus: pane == s.pane()}
	if s.apart() { // else the tabs name it
		box.Title = s.title(pane)
	}
	switch pane {
	case "summary":
		box.Title = f.workload.Ref.String()
		return box.RenderLines(st, r.W, r.H, func(width, _ int) []string { return s.summary(width) })
	case "tabs":
		titles := make([]string, len(panes()))
		for i, p := range panes() {
			titles[i] = s.title(p)
		}
		return s.tabs.Render(st, titles, s.at, r)
	case findingsPane:
		s.findings.Empty = "nothing was found of it"
		return s.findings.In(r).RenderPane(st, box, r.W, r.H)
	case podsPane:
		s.pods.Empty = "it has no pod at the moment"
		if s.shown.Cluster.Info.Offline {
			s.pods.Empty = "manifests have no pods"
		}
		return s.pods.In(r).RenderPane(st, box, r.W, r.H)
	}
	return box.RenderText(st, r, s.texts[pane])
}

// title names a pane, with how many rows it has.
func (s *Screen) title(pane string) string {
	f := s.facts
	switch pane {
	case findingsPane:
		return fmt.Sprintf("Findings (%d)", len(f.findings))
	case podsPane:
		return fmt.Sprintf("Pods (%d)", len(f.pods))
	case containersPane:
		return "Containers"
	case networkPane:
		return "Network"
	}
	return "Identity"
}

// CursorLine returns the line of the cursor, or the first of a text.
func (s *Screen) CursorLine() int {
	if s.workload() == nil {
		return 1
	}
	top := s.above()
	if s.apart() {
		top = s.focusTop()
	}
	switch s.pane() {
	case findingsPane:
		return s.findings.CursorBelow(top)
	case podsPane:
		return s.pods.CursorBelow(top)
	}
	return top + 1
}

// focusTop is the line at which the pane with the focus begins, where all are seen.
func (s *Screen) focusTop() int {
	height := s.summaryHeight()
	places := s.columns().Solve(widget.Rect{Y: height, W: s.frame.Width, H: s.frame.Height - height})
	return places[s.pane()].Y
}

// Click turns to the pane at a cell.
func (s *Screen) Click(x, y int) *widget.Table {
	for i, pane := range panes() {
		table := map[string]*widget.Table{findingsPane: s.findings, podsPane: s.pods}[pane]
		place := widget.Rect{}
		if table != nil {
			place = table.Place()
		} else {
			place = s.texts[pane].Place()
		}
		if (pane == s.pane() || s.apart()) && place.Contains(x, y) {
			s.at = i
			return table
		}
	}
	return nil
}

// Touch turns to the pane whose name lies at a cell.
func (s *Screen) Touch(x, y int) (keymap.ID, bool) {
	to, there := s.tabs.At(x, y)
	if there {
		s.at = to
	}
	return "", there
}

// Wheel scrolls the text at a cell.
func (s *Screen) Wheel(x, y, lines int) bool {
	for pane, text := range s.texts {
		if (pane == s.pane() || s.apart()) && text.Wheel(x, y, lines) {
			return true
		}
	}
	return false
}
