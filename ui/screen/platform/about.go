package platform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/platform"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// about tells why the selected capability is said to be as it is, in at most height lines.
func (s *Screen) about(width, height int) []string {
	selected, ok := s.Selected()
	if !ok {
		return nil
	}
	st := s.frame.Styles
	var lines []string
	add := func(look style.Style, text string) { lines = append(lines, look.Wrap(style.Clean(text), width)...) }
	add(st.Title, selected.Title+": "+selected.State.String())
	add(st.Muted, selected.About)
	if selected.Why != "" {
		add(st.Warn, "nobody can tell: "+selected.Why)
	}
	if s.read.Next != nil && s.read.Next.ID == selected.ID {
		add(st.Accent, "this comes next, to be "+selected.Level.String())
	}
	if len(selected.Traces) == 0 {
		add(st.Text, selected.Advice)
	}
	for i, f := range selected.Findings {
		if rest := len(selected.Findings) - i; len(lines) >= height-1 && rest > 1 {
			return append(lines, st.Muted.Render(fmt.Sprintf("and %d more: enter opens them", rest)))
		}
		severity := screen.Severity(f.Severity)
		mark := st.SeverityMark(severity)
		text := style.Clean(f.Subject.String() + ": " + f.Message)
		lines = append(lines, st.Severity(severity).Render(mark)+" "+st.Text.Render(style.Truncate(text, max(1, width-style.Width(mark)-1), st.Glyphs.Ellipsis)))
	}
	for _, t := range selected.Traces {
		add(st.Text, t.String())
	}
	return lines
}

// filterOf lets the findings of a capability through.
func filterOf(s *platform.Standing) string {
	var terms []string
	for _, f := range s.Findings {
		terms = append(terms, "rule="+f.Rule.ID)
	}
	slices.Sort(terms)
	return strings.Join(slices.Compact(terms), "|")
}

type rows struct {
	styles    *style.Styles
	standings []platform.Standing
}

// Len returns the number of capabilities.
func (r rows) Len() int { return len(r.standings) }

// Key returns the ID of a capability.
func (r rows) Key(i int) string { return r.standings[i].ID }

// Cells appends the cells of a capability.
func (r rows) Cells(i int, dst []widget.Cell) []widget.Cell {
	s, st := &r.standings[i], r.styles
	look := map[platform.State]style.Style{
		platform.Healthy: st.OK, platform.Problems: st.Error, platform.NotFound: st.Warn, platform.CannotTell: st.Muted,
	}[s.State]
	problems := ""
	if n := s.Problems(); n > 0 {
		problems = fmt.Sprint(n)
	}
	return append(dst, widget.Cell{Text: wordOf(*s), Style: look}, widget.Cell{Text: s.ID, Style: st.Text},
		widget.Cell{Text: s.Title, Style: st.Text}, widget.Cell{Text: style.Clean(found(*s)), Style: st.Muted},
		widget.Cell{Text: s.Level.String(), Style: st.Muted}, widget.Cell{Text: problems, Style: st.Text})
}
