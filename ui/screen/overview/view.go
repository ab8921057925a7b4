package overview

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// How wide boxes are, and from which width of the screen those at the right have
// room, in cells.
const (
	scoreLeast  = 29
	scoreMost   = 36
	scoreFrom   = 120
	rightLeast  = 44
	rightMost   = 70
	rightFrom   = 130
	changesWide = 46
	changesFrom = 190
	twoFrom     = 240 // two columns at the right
)

// How high boxes are, and from which height of the lower part there is room for one
// more of them, in lines.
const (
	tallFrom  = 34 // of the whole screen
	fixesLine = 7
	heatFrom  = 18
	spaceFrom = 32
)

// View draws the screen.
func (s *Screen) View() []string {
	f := s.frame
	scoreWidth := scoreLeast
	if f.Width >= scoreFrom {
		scoreWidth = scoreMost
	}
	upper := []widget.Pane{{Name: "score", Fixed: scoreWidth}, {Name: "categories", Min: 30}}
	switch {
	case f.Width >= twoFrom:
		upper = append(upper, widget.Pane{Name: "changes", Fixed: f.Width / 3})
	case f.Width >= changesFrom:
		upper = append(upper, widget.Pane{Name: "changes", Fixed: changesWide})
	}
	tree := widget.Pane{Direction: widget.Stack, Panes: []widget.Pane{
		{Fixed: s.summary(), Priority: 1, Direction: widget.Columns, Panes: upper},
		{Min: 5, Priority: 2, Direction: widget.Columns, Panes: s.lower()},
	}}
	return tree.Draw(f.Styles, widget.Rect{W: f.Width, H: f.Height}, s.draw)
}

// summary is the height of the boxes above the table: the gauges, and on a high screen
// a larger score; no more than two fifths, for the table is what is worked with.
func (s *Screen) summary() int {
	least := screen.SummaryHeight(s.shown.Categories, s.frame.Height)
	if h := s.frame.Height; h >= tallFrom {
		return max(least, 11, min(len(s.categories())+2, h*2/5))
	}
	return least
}

// lower are the table and what stands at its right.
func (s *Screen) lower() []widget.Pane {
	table := widget.Pane{Name: "namespaces", Min: 40}
	if s.frame.Width < rightFrom {
		return []widget.Pane{table}
	}
	stack := func(width int, panes ...widget.Pane) widget.Pane {
		return widget.Pane{Fixed: width, Direction: widget.Stack, Panes: panes}
	}
	fixes, namespace := widget.Pane{Name: "fixes"}, widget.Pane{Name: "namespace"}
	height := s.frame.Height - s.summary()
	if s.frame.Width >= twoFrom && height >= spaceFrom {
		heat := widget.Pane{Name: "heat", Fixed: s.heatHeight(true)}
		return []widget.Pane{table, stack(rightMost, heat, fixes), stack(rightMost, namespace)}
	}
	width := min(max(s.frame.Width/3, rightLeast), rightMost)
	heat := widget.Pane{Name: "heat", Fixed: s.heatHeight(false)}
	switch {
	case height >= spaceFrom:
		fixes.Fixed = fixesLine + 2
		return []widget.Pane{table, stack(width, fixes, heat, namespace)}
	case height >= heatFrom:
		return []widget.Pane{table, stack(width, fixes, heat)}
	}
	return []widget.Pane{table, stack(width, fixes)}
}

func (s *Screen) draw(name string, r widget.Rect) widget.Block {
	st := s.frame.Styles
	box := func(title string, lines func(width, height int) []string) widget.Block {
		return widget.Box{Title: title, Padding: 1}.RenderLines(st, r.W, r.H, lines)
	}
	switch name {
	case "score":
		return box("Score", s.scoreLines)
	case "categories":
		return box("Categories", s.categoryLines)
	case "fixes":
		return box("What gains most", s.fixLines)
	case "heat":
		return box("Heat map", s.heatLines)
	case "changes":
		return box("Came and went", s.changeLines)
	case "namespace":
		return box(s.selectedTitle(), s.selectedLines)
	}
	return s.table.In(r).RenderBox(st, s.tableTitle(), r.W, r.H)
}

func (s *Screen) tableTitle() string {
	return screen.FilterTitle("Namespaces", s.matching, len(s.shown.Namespaces), s.filter.Text()) + screen.Unfiltered(s.refused)
}

// fixLines are the rules whose clearing in one namespace would gain it most.
func (s *Screen) fixLines(width, height int) []string {
	st := s.frame.Styles
	if s.gains.of == nil {
		return nil // they are on their way
	}
	const widestNamespace = 14
	var lines []string
	shown, namespace := s.gains.most[:min(height, len(s.gains.most))], 0
	for _, g := range shown {
		namespace = max(namespace, style.Width(style.Clean(style.Bound(g.namespace, widestNamespace))))
	}
	namespace = min(namespace, widestNamespace, width/3)
	for _, g := range shown {
		points := fmt.Sprintf("%+6.1f", g.points)
		rule := max(0, width-style.Width(points)-namespace-2)
		lines = append(lines, st.OK.Render(points)+" "+
			st.Text.Render(style.FitText(g.rule, rule, style.Left, st.Glyphs.Ellipsis))+" "+
			st.Muted.Render(style.FitText(g.namespace, namespace, style.Left, st.Glyphs.Ellipsis)))
	}
	if len(lines) == 0 {
		return []string{st.Muted.Render("nothing to gain")}
	}
	return lines
}
