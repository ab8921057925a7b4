package overview

import (
	"fmt"
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// selected returns the namespace under the cursor, nil if there is none.
func (s *Screen) selected() *score.Namespace {
	name, _, _ := s.table.Selected()
	i := slices.IndexFunc(s.shown.Namespaces, func(n *score.Namespace) bool { return n.Name == name })
	if i < 0 {
		return nil
	}
	return s.shown.Namespaces[i]
}

func (s *Screen) selectedTitle() string {
	n := s.selected()
	switch {
	case n == nil:
		return "Namespace"
	case !n.Scored:
		return n.Name
	}
	return fmt.Sprintf("%s  %.1f %s", n.Name, n.Score, n.Grade)
}

// worstOf returns the findings of a namespace, worst first. They are sorted once
// for as long as the cursor stays.
func (s *Screen) worstOf(n *score.Namespace) []*score.Finding {
	if s.sortedOf != n {
		s.sortedOf, s.sorted = n, slices.Clone(n.Findings)
		slices.SortStableFunc(s.sorted, screen.CompareFindings)
	}
	return s.sorted
}

// selectedLines are the categories of the namespace under the cursor and its
// worst findings: what enter would show.
func (s *Screen) selectedLines(width, height int) []string {
	st, n := s.frame.Styles, s.selected()
	if n == nil {
		return nil
	}
	lines := append(screen.Gauges(st, screen.Hearts(n.Categories), width), "")
	worst := s.worstOf(n)
	for _, f := range worst[:min(len(worst), max(0, height-len(lines)))] {
		severity := screen.Severity(f.Severity)
		mark, text := st.Severity(severity), st.Text
		if f.Implied != "" {
			mark, text = st.Muted, st.Muted
		}
		object := min(28, width/2)
		lines = append(lines, mark.Render(st.SeverityMark(severity))+" "+
			st.Muted.Render(style.Fit(style.Clean(screen.Place(f)), object, style.Left, st.Glyphs.Ellipsis))+" "+
			text.Render(screen.Wrong(f)))
	}
	if len(worst) == 0 {
		lines = append(lines, st.OK.Render(st.Glyphs.Tick)+st.Muted.Render(" nothing was found here"))
	}
	return lines
}
