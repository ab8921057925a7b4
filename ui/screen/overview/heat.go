package overview

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// heatMost is how wide a cell of the heat map is at most.
const heatMost = 4

// heatHeight is the height of the box of the heat map: a line for each category, with
// a blank one between if it is to be spaced, and the legend.
func (s *Screen) heatHeight(spaced bool) int {
	rows := len(screen.Hearts(s.shown.Categories))
	if spaced {
		return 2*rows + 3 + 2
	}
	return rows + 2 + 2
}

// heatLines are the categories of the worst namespaces, a column for each: the worse,
// the darker. Between the columns, and between the rows where there is room, is a
// blank, so that the cells stay apart.
func (s *Screen) heatLines(width, height int) []string {
	st := s.frame.Styles
	hearts := screen.Hearts(s.shown.Categories)
	name := 0
	labels := map[string]string{}
	for _, c := range s.shown.Result.Categories {
		labels[c.ID] = c.Label
	}
	for _, c := range hearts {
		name = max(name, style.Width(labels[c.ID]))
	}
	shown := s.scored((width - name - 1) / 2)
	if len(shown) == 0 {
		return []string{st.Muted.Render("nothing to score")}
	}
	cells := max(1, min((width-name)/len(shown)-1, heatMost))
	lines := []string{s.heatCursor(shown, name+1, cells+1)}
	spaced := height >= 2*len(hearts)+3
	for _, c := range hearts {
		var b strings.Builder
		st.Text.Append(&b, style.PadRight(labels[c.ID], name))
		for _, n := range shown {
			b.WriteByte(' ')
			screen.AppendHeat(&b, st, screen.CategoryOf(n, c.ID), cells)
		}
		lines = append(lines, b.String())
		if spaced {
			lines = append(lines, "")
		}
	}
	return append(lines, screen.HeatLegend(st))
}

// scored returns so many of the namespaces in the order of the table, without those
// that have no score.
func (s *Screen) scored(count int) []*score.Namespace {
	var found []*score.Namespace
	for _, n := range s.rows.namespaces {
		if len(found) >= count {
			break
		}
		if n.Scored {
			found = append(found, n)
		}
	}
	return found
}

// heatCursor is the line above the heat map: a sign over the namespace that is under
// the cursor.
func (s *Screen) heatCursor(shown []*score.Namespace, indent, step int) string {
	st, selected := s.frame.Styles, s.selected()
	for i, n := range shown {
		if n == selected {
			return style.Blanks(indent+step*i) + st.Accent.Render(st.Glyphs.Descending)
		}
	}
	return ""
}
