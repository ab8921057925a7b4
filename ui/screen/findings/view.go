package findings

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// The preview of the finding under the cursor: how wide it is, and how wide the
// screen must be for it, in cells. On wider screens it is a third of them, as far
// as lines of text are good to read.
const (
	previewLeast = 50
	previewMost  = 76
	previewFrom  = 130
)

// View draws the screen.
func (s *Screen) View() []string {
	f := s.frame
	lower := []widget.Pane{{Name: "findings", Min: 40}}
	if f.Width >= previewFrom {
		lower = append(lower, widget.Pane{Name: "preview", Fixed: min(max(f.Width/3, previewLeast), previewMost)})
	}
	panes := []widget.Pane{{Min: 5, Priority: 2, Direction: widget.Columns, Panes: lower}}
	if height := s.summary(); height > 0 {
		panes = append([]widget.Pane{{Name: "summary", Fixed: height, Priority: 1}}, panes...)
	}
	tree := widget.Pane{Direction: widget.Stack, Panes: panes}
	return tree.Draw(f.Styles, widget.Rect{W: f.Width, H: f.Height}, s.draw)
}

// summary is the height of the box above the table, 0 for none.
func (s *Screen) summary() int {
	if s.namespace == nil {
		return 0
	}
	return screen.SummaryHeight(s.namespace.Categories, s.frame.Height)
}

func (s *Screen) draw(name string, r widget.Rect) widget.Block {
	st := s.frame.Styles
	box := widget.Box{Padding: 1}
	w, h := box.Inner(r.W, r.H)
	switch name {
	case "summary":
		box.Title = s.heading()
		return box.Render(st, r.W, r.H, widget.NewBlock(st, screen.HeartGauges(st, s.namespace.Categories, w), w, h))
	case "preview":
		box.Title = "Preview"
		var lines []string
		if f := s.selected(); f != nil {
			gain, fix := s.cureOf(f)
			lines = preview(st, f, gain, fix, w)
		}
		return box.Render(st, r.W, r.H, widget.NewBlock(st, lines, w, h))
	}
	s.table.Empty = s.empty()
	return s.table.RenderBox(st, s.title(), r.W, r.H)
}

// title says how many findings there are, and what is done with them: the filter is
// the one of the rows that are seen.
func (s *Screen) title() string {
	title := fmt.Sprintf("Findings (%d)", s.count)
	if l := s.list; l != nil {
		title = fmt.Sprintf("Findings (%d)", len(l.all))
		if l.in.text != "" {
			title = fmt.Sprintf("Findings (%d of %d) filtered by %s", len(l.kept), len(l.all), l.in.text)
		}
	}
	if s.refused != nil {
		title += fmt.Sprintf(" not filtered: %v", s.refused)
	}
	switch {
	case !s.listing.Late() || s.list == nil:
	case s.list.in.text != s.filter.Text():
		title += "  filtering" + s.frame.Styles.Glyphs.Ellipsis
	default:
		title += "  sorting" + s.frame.Styles.Glyphs.Ellipsis
	}
	return title
}

// heading is the namespace's score in one line.
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
	return text
}

// cureOf is what clearing a finding alone would bring, and the title of the best
// fix, "" without one. They are worked out once for as long as the cursor stays:
// the score is evaluated again, and the rule asked again, for it. A rule that would
// have to go through the whole cluster is left to the screen of the finding.
func (s *Screen) cureOf(f *score.Finding) (gain float64, fix string) {
	if s.cureFor != f {
		s.cureFor, s.gain, s.fix = f, f.Gain(), ""
		if f.Fixable && f.Rule.Whole() {
			s.fix = "known; enter shows it"
		} else if fixes := audit.NewFixer(s.assessed.Cluster).Fixes(f.Placed); len(fixes) > 0 {
			s.fix = fixes[0].Title
		}
	}
	return s.gain, s.fix
}

// preview tells of a finding in a narrow column.
func preview(st *style.Styles, f *score.Finding, gain float64, fix string, width int) []string {
	severity := screen.Severity(f.Severity)
	lines := []string{st.Severity(severity).Render(st.SeverityMark(severity)+" "+f.Severity.String()) + " " + st.Muted.Render(f.Rule.ID)}
	paragraph := func(look style.Style, text string) {
		if text == "" {
			return
		}
		lines = append(lines, "")
		for _, line := range style.Wrap(text, width) {
			lines = append(lines, look.Render(line))
		}
	}
	paragraph(st.Text, f.Subject.String())
	if f.Container != "" {
		lines = append(lines, st.Text.Render("container "+f.Container))
	}
	paragraph(st.Title, f.Message)
	paragraph(st.Text, f.Detail)
	if f.Path != "" {
		lines = append(lines, "")
		for _, line := range style.WrapPath(f.Path, width) {
			lines = append(lines, st.Muted.Render(line))
		}
	}
	paragraph(st.Text, f.Rule.Rationale)
	if a := f.Accepted; a != nil {
		paragraph(st.Muted, "accepted: "+style.Clean(a.Reason)+", "+style.Clean(a.Owner+" "+a.Origin))
	} else if f.Implied != "" {
		paragraph(st.Muted, "follows from "+f.Implied)
	} else {
		paragraph(st.OK, fmt.Sprintf("costs %.2f points; %+.1f if it alone is gone", f.Points, gain))
	}
	if fix != "" {
		paragraph(st.Accent, "fix: "+fix)
	}
	return lines
}
