package findings

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// The preview of what is under the cursor: where it stands at the right, or below a list
// that is high enough, before anybody asks for it; and where it stands at the right if
// somebody does. It takes a third of the width as far as lines of text are good to read,
// or two fifths of the height.
const (
	rightFrom   = 140
	belowFrom   = 35
	rightLeast  = 50
	rightMost   = 76
	rightWidest = 110 // on the widest screens
	askedFrom   = 110
	belowLeast  = 8
)

// Scopes stand at the left of the list on wide screens.
const (
	scopesFrom  = 190
	scopesWidth = 26
)

// listMost is how wide the list grows: on wider screens the preview has the rest, as far
// as it goes.
const listMost = 150

// previewed reports whether the preview is to be seen.
func (s *Screen) previewed() bool {
	if s.wanted != ifRoom {
		return s.wanted == always
	}
	return s.frame.Width >= rightFrom || s.frame.Height >= belowFrom
}

// right is the width of the preview at the right, 0 where it stands below or nowhere.
func (s *Screen) right() int {
	width := s.frame.Width
	switch {
	case !s.previewed():
		return 0
	case width < askedFrom, width < rightFrom && s.frame.Height >= belowFrom:
		return 0
	}
	if width >= scopesFrom && !s.ofNamespace() {
		width -= scopesWidth
	}
	most := rightMost
	if width-most > listMost {
		most = min(rightWidest, width-listMost)
	}
	return min(max(width/3, rightLeast), most)
}

// View draws the screen.
func (s *Screen) View() []string {
	f := s.frame
	s.tabs = screen.TabLine{}
	lower := []widget.Pane{{Name: "list", Min: 40, Priority: 3}}
	if f.Width >= scopesFrom && !s.ofNamespace() {
		lower = append([]widget.Pane{{Name: "scopes", Fixed: scopesWidth, Priority: 1}}, lower...)
	}
	right := s.right()
	if right > 0 {
		lower = append(lower, widget.Pane{Name: "preview", Fixed: right, Priority: 2})
	}
	panes := []widget.Pane{{Min: 5, Priority: 9, Direction: widget.Columns, Panes: lower}}
	if s.ofNamespace() && s.namespace != nil {
		panes = append([]widget.Pane{{Name: "tabs", Fixed: 1, Priority: 5}}, panes...)
	}
	if height := s.summary(); height > 0 {
		panes = append([]widget.Pane{{Name: "summary", Fixed: height, Priority: 4}}, panes...)
	}
	if right == 0 && s.previewed() {
		panes = append(panes, widget.Pane{Name: "preview", Fixed: s.below(), Priority: 6})
	}
	tree := widget.Pane{Direction: widget.Stack, Panes: panes}
	return tree.Draw(f.Styles, widget.Rect{W: f.Width, H: f.Height}, s.draw)
}

// below is the height of a preview below the list.
func (s *Screen) below() int { return max(belowLeast, s.frame.Height*2/5) }

// summary is the height of the box above the table, 0 for none.
func (s *Screen) summary() int {
	if s.namespace == nil {
		return 0
	}
	height := s.frame.Height
	if s.previewed() && s.right() == 0 && height < belowFrom {
		return 0 // the preview was asked for, and takes its place
	}
	return screen.SummaryHeight(s.namespace.Categories, height)
}

// above is how many lines stand above the box of the table.
func (s *Screen) above() int {
	if s.namespace == nil {
		return 0
	}
	return s.summary() + 1
}

func (s *Screen) draw(name string, r widget.Rect) widget.Block {
	st := s.frame.Styles
	switch name {
	case "summary":
		return widget.Box{Padding: 1, Title: s.heading()}.RenderLines(st, r.W, r.H, func(width, _ int) []string {
			return screen.HeartGauges(st, s.namespace.Categories, width)
		})
	case "tabs":
		return s.tabs.Render(st, s.tabNames(), s.tab, r)
	case "preview":
		return s.preview.render(st, r)
	case "scopes":
		return widget.Box{Padding: 1, Title: "Namespaces"}.RenderLines(st, r.W, r.H, s.scopes)
	}
	if s.tab == workloadsTab {
		s.workloads.table.Empty = s.noWorkload()
		return s.workloads.table.In(r).RenderBox(st, s.workloads.title()+screen.Unfiltered(s.refused), r.W, r.H)
	}
	s.table.Empty = s.empty()
	return s.table.In(r).RenderBox(st, s.title(), r.W, r.H)
}

// tabNames are the names of what can be listed of the namespace.
func (s *Screen) tabNames() []string {
	names := []string{"Findings", "Workloads"}
	counts := []int{s.count, len(s.assessed.Cluster.WorkloadsIn(s.address.Target))}
	for i := range names {
		if i != s.tab { // the title of the list has the other
			names[i] += fmt.Sprintf(" %d", counts[i])
		}
	}
	return names
}

// noWorkload says why there is no workload.
func (s *Screen) noWorkload() string {
	switch shown := s.workloads.shown; {
	case shown == nil:
		return "looking for workloads"
	case shown.all > 0:
		return "no workload matches the filter"
	case !s.settled:
		return "there is no workload so far; not everything is read yet"
	}
	return "there is no workload here"
}

// scopes are the namespaces, worst first: what findings of others cost beside those of
// the one under the cursor, which is marked.
func (s *Screen) scopes(width, height int) []string {
	st := s.frame.Styles
	current := ""
	if f := s.selected(); f != nil {
		current = home(f)
	}
	var lines []string
	for _, n := range s.assessed.Namespaces[:min(height, len(s.assessed.Namespaces))] {
		const number = 8
		text, look := "n/a", st.Muted
		if n.Scored {
			text, look = fmt.Sprintf("%.1f %s", n.Score, st.GradeMark(n.Grade)), st.Score(n.Score)
		}
		sign, name := " ", st.Text
		if n.Name == current {
			sign, name = st.Glyphs.Live, st.Title
		}
		title := style.FitText(n.Name, max(1, width-number-2), style.Left, st.Glyphs.Ellipsis)
		lines = append(lines, st.Accent.Render(sign)+" "+name.Render(title)+look.Render(style.PadLeft(text, number)))
	}
	return lines
}

// title says how many findings there are, and what is done with them: the filter is
// the one of the rows that are seen.
func (s *Screen) title() string {
	title := fmt.Sprintf("Findings (%d)", s.count)
	if l := s.list; l != nil {
		title = screen.FilterTitle("Findings", len(l.kept), len(l.all), l.in.text)
		if l.groups != nil {
			title += fmt.Sprintf(" by %s (%d)", l.in.by, len(l.groups.all))
		}
	}
	title += screen.Unfiltered(s.refused)
	switch {
	case !s.listing.Late() || s.list == nil:
	case s.list.in.text != s.filter.Text():
		title += "  filtering" + s.frame.Styles.Glyphs.Ellipsis
	default:
		title += "  sorting" + s.frame.Styles.Glyphs.Ellipsis
	}
	return title
}

// heading is the namespace's score in one line, with what is there.
func (s *Screen) heading() string {
	n := s.namespace
	if !n.Scored {
		return n.Name + "  nothing to score"
	}
	text := fmt.Sprintf("%s  %.1f %s", n.Name, n.Score, n.Grade)
	if n.Capped != 0 {
		text += fmt.Sprintf("  (%.1f but for an open %s)", n.Uncapped, n.Capped)
	}
	if n.Coverage < 100 {
		text += fmt.Sprintf("  %.0f %% seen", n.Coverage)
	}
	c := s.assessed.Cluster
	if pods := len(c.Pods.In(n.Name)); pods > 0 {
		text += "  " + screen.Plural(pods, "pod")
	}
	if n.Accepted > 0 {
		text += fmt.Sprintf("  %d accepted", n.Accepted)
	}
	return text
}
