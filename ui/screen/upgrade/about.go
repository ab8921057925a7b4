package upgrade

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/upgrade"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// about tells what is known of the selected concern and what to do, in at most height
// lines.
func (s *Screen) about(width, height int) []string {
	selected, ok := s.Selected()
	if !ok {
		return nil
	}
	st := s.frame.Styles
	var lines []string
	add := func(look style.Style, text string) { lines = append(lines, look.Wrap(style.Clean(text), width)...) }
	add(st.Title, selected.stage.Title+": "+selected.State.String())
	add(st.Muted, selected.About)
	if selected.Why != "" {
		more := "nobody can tell: "
		if selected.State != upgrade.CannotTell {
			more = "there may be more: "
		}
		add(st.Warn, more+selected.Why)
	}
	if len(selected.Findings) > 0 {
		add(st.Accent, selected.Advice)
	}
	for _, n := range selected.Notes {
		add(st.Text, n)
	}
	for i, f := range selected.Findings {
		if rest := len(selected.Findings) - i; len(lines) >= height-1 && rest > 1 {
			return append(lines, st.Muted.Render(fmt.Sprintf("and %d more: enter opens them", rest)))
		}
		severity := screen.Severity(f.Severity)
		mark := st.SeverityMark(severity)
		indent := strings.Repeat(" ", style.Width(mark)+1)
		for j, line := range st.Text.Wrap(style.Clean(selected.Told(f)), max(1, width-len(indent))) {
			if j == 0 {
				line = st.Severity(severity).Render(mark) + " " + line
			} else {
				line = indent + line
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// filterOf lets the findings of a concern through.
func filterOf(c *concern) string {
	var terms []string
	for _, f := range c.Findings {
		terms = append(terms, "rule="+f.Rule.ID)
	}
	slices.Sort(terms)
	return strings.Join(slices.Compact(terms), "|")
}

type rows struct {
	styles   *style.Styles
	concerns []concern
}

// Len returns the number of concerns.
func (r rows) Len() int { return len(r.concerns) }

// Key returns the ID of a concern.
func (r rows) Key(i int) string { return r.concerns[i].ID }

// Cells appends the cells of a concern.
func (r rows) Cells(i int, dst []widget.Cell) []widget.Cell {
	c, st := &r.concerns[i], r.styles
	look := map[upgrade.State]style.Style{
		upgrade.Clear: st.OK, upgrade.InTheWay: st.Error, upgrade.Worth: st.Warn, upgrade.CannotTell: st.Muted,
	}[c.State]
	number := func(n int) string {
		if n == 0 {
			return ""
		}
		return fmt.Sprint(n)
	}
	return append(dst, widget.Cell{Text: fmt.Sprint(c.at), Style: st.Muted}, widget.Cell{Text: c.stage.ID, Style: st.Muted},
		widget.Cell{Text: c.State.String(), Style: look}, widget.Cell{Text: c.ID, Style: st.Text},
		widget.Cell{Text: c.Title, Style: st.Text}, widget.Cell{Text: number(c.InTheWay()), Style: st.Text},
		widget.Cell{Text: number(c.worth()), Style: st.Text})
}
