package snapshots

import (
	"fmt"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/compare"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// How the screen is divided: the detail stands beside the changes from a width on,
// below them otherwise, and is a third of the width as far as lines are good to read.
const (
	besideFrom  = 130
	detailLeast = 50
	detailMost  = 84
	belowHeight = 7
)

// View draws the screen.
func (s *Screen) View() []string {
	f := s.frame
	whole := widget.Rect{W: f.Width, H: f.Height}
	if s.picker.open {
		return s.picker.draw(f.Styles, whole)
	}
	list := widget.Pane{Name: "changes", Min: 5, Priority: 3}
	panes := []widget.Pane{{Name: "summary", Fixed: s.summaryHeight(), Priority: 2}, list}
	if f.Width >= besideFrom {
		list.Min = 40
		detail := widget.Pane{Name: "detail", Fixed: min(max(f.Width*2/5, detailLeast), detailMost)}
		panes[1] = widget.Pane{Min: 5, Priority: 3, Direction: widget.Columns, Panes: []widget.Pane{list, detail}}
	} else {
		panes = append(panes, widget.Pane{Name: "detail", Fixed: belowHeight, Priority: 1})
	}
	tree := widget.Pane{Direction: widget.Stack, Panes: panes}
	return tree.Draw(f.Styles, whole, s.draw)
}

// summaryHeight is the height of the box above the changes, in lines.
func (s *Screen) summaryHeight() int {
	if s.frame.Height >= roomy {
		return 7
	}
	return 6
}

// roomy is the height of a screen from which on the namespaces are summed up as well.
const roomy = 30

func (s *Screen) draw(name string, r widget.Rect) widget.Block {
	st := s.frame.Styles
	switch name {
	case "summary":
		box := widget.Box{Padding: 1, Title: "Compare"}
		w, h := box.Inner(r.W, r.H)
		return box.Render(st, r.W, r.H, widget.NewBlock(st, s.summary(st, w), w, h))
	case "detail":
		return s.drawDetail(st, r)
	}
	s.table.Empty = s.empty()
	box := widget.Box{Focus: !s.onChange, Title: s.title()}
	w, h := box.Inner(r.W, r.H)
	body := s.table.In(r).Render(st, w, h)
	box.Footer = s.table.Footer()
	return box.Render(st, r.W, r.H, body)
}

// title says how many changes there are, and which are shown.
func (s *Screen) title() string {
	if s.compared == nil {
		return "Changes"
	}
	title := fmt.Sprintf("Changes (%d)", len(s.compared.Changes))
	if len(s.list.kept) != len(s.compared.Changes) {
		title = fmt.Sprintf("Changes (%d of %d)", len(s.list.kept), len(s.compared.Changes))
	}
	if s.show != 0 {
		title += ": " + views[s.show].name
	}
	if s.list.text != "" {
		title += " filtered by " + s.list.text
	}
	title += screen.Unfiltered(s.refused)
	if s.listing.Late() || s.comparing.Late() {
		title += "  comparing" + s.frame.Styles.Glyphs.Ellipsis
	}
	return title
}

// empty says why there is no row.
func (s *Screen) empty() string {
	for _, m := range s.sides {
		if state := m.state(); state != "" {
			return state
		}
	}
	switch {
	case s.compared == nil:
		return "comparing"
	case len(s.compared.Changes) == 0:
		return "nothing differs"
	}
	return "no change is of these kinds and matches the filter"
}

// summary are the lines above the changes: the moments, what they score, and whether
// they can be compared.
func (s *Screen) summary(st *style.Styles, width int) []string {
	side := func(letter string, m *moment) string {
		line := st.Key.Render(letter) + " " + st.Text.Render(m.label())
		if state := m.state(); state != "" {
			look := st.Warn
			if m.failed != nil {
				look = st.Error
			}
			return line + "  " + look.Render(state)
		}
		a := m.assessed
		if a.Scored {
			line += "  " + st.Score(a.Score).Render(fmt.Sprintf("%.1f %s", a.Score, a.Grade))
		}
		return line + st.Muted.Render(fmt.Sprintf("  %d findings, %.0f %% seen, %s", a.Count(), a.Coverage, a.Cluster.Info.Name))
	}
	lines := []string{side("A", s.sides[0]), side("B", s.sides[1])}
	c := s.compared
	if c == nil {
		return lines
	}
	lines = append(lines, s.counts(st, c), categories(st, c))
	apart := st.OK.Render("comparable: same rules, profile and scope")
	if len(c.Apart) > 0 {
		apart = st.Warn.Render("not comparable: " + strings.Join(c.Apart, "; "))
	}
	if s.frame.Height >= roomy {
		if len(c.Apart) > 0 {
			return append(lines, apart)
		}
		return append(lines, namespaces(st, c, width/2)+"  "+apart)
	}
	if len(c.Apart) > 0 { // what is cut off must be the lesser
		lines[3] = apart + "  " + lines[3]
	} else {
		lines[3] += "  " + apart
	}
	return lines
}

// counts says by how much the score differs, and how many changes there are.
func (s *Screen) counts(st *style.Styles, c *compare.Comparison) string {
	parts := []string{}
	if delta, ok := c.Delta(); ok {
		parts = append(parts, st.Text.Render("score")+" "+difference(st, delta))
	}
	for _, k := range compare.Kinds() {
		if n := c.Counts[k]; n > 0 {
			_, look := sign(st, k)
			parts = append(parts, look.Render(fmt.Sprintf("%d %s", n, k)))
		}
	}
	return strings.Join(append(parts, st.Muted.Render(fmt.Sprintf("%d the same", c.Same))), "  ")
}

// difference draws by how much a score differs.
func difference(st *style.Styles, delta float64) string {
	look := st.Muted
	switch {
	case delta < 0:
		look = st.Error
	case delta > 0:
		look = st.OK
	}
	return look.Render(fmt.Sprintf("%+.1f", delta))
}

// categories draws those that differ.
func categories(st *style.Styles, c *compare.Comparison) string {
	var parts []string
	for i := range c.Categories {
		category := &c.Categories[i]
		if delta, ok := category.Delta(); ok && delta != 0 {
			parts = append(parts, st.Text.Render(category.Title)+" "+difference(st, delta))
		}
	}
	if len(parts) == 0 {
		return st.Muted.Render("no category differs")
	}
	return strings.Join(parts, "  ")
}

// namespaces draws those whose score differs, what fell most first, as far as there is
// room.
func namespaces(st *style.Styles, c *compare.Comparison, width int) string {
	line, used := "", 0
	for i := range c.Namespaces {
		n := &c.Namespaces[i]
		delta, ok := n.Delta()
		name := style.Clean(n.Name)
		if wide := style.Width(name) + 8; ok && delta != 0 && used+wide <= width {
			line += st.Text.Render(name) + " " + difference(st, delta) + "  "
			used += wide
		}
	}
	if line == "" {
		return st.Muted.Render("no namespace differs")
	}
	return strings.TrimRight(line, " ")
}

// Click returns the moments where they are chosen from, else the changes, to which it
// turns.
func (s *Screen) Click(x, y int) *widget.Table {
	if s.picker.open {
		return s.picker.table
	}
	s.onChange = s.onChange && !s.table.Place().Contains(x, y)
	return s.table
}

// Wheel scrolls the change, if it lies under a cell.
func (s *Screen) Wheel(x, y, lines int) bool {
	return !s.picker.open && s.change.Wheel(x, y, lines)
}
