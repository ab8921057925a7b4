package heatmap

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// How wide things are, in cells: the name of a namespace, its score and grade, a
// category with the blank before it, and of the latter at least the shades.
const (
	nameLeast = 16
	nameMost  = 40
	scoreCell = 12 // " 72.9 C ■" and the blanks that keep it apart
	cellLeast = 9
	cellMost  = 16
	figure    = 4 // the number of a cell and a blank
)

// View draws the screen: a line of titles, a row for each namespace, the legend.
func (s *Screen) View() []string {
	st := s.frame.Styles
	s.figures = s.figures.With(st)
	box := widget.Box{Focus: true, Title: s.title()}
	width, height := box.Inner(s.frame.Width, s.frame.Height)
	step := s.step()
	s.page = max((height-2)/step, 1)
	s.top = max(0, min(max(s.row-s.page+1, min(s.top, s.row)), len(s.namespaces)-s.page))
	g := s.measure(width)
	s.drawn = g
	lines := []string{s.titles(g)}
	for line := range max(height-2, 0) {
		index := s.top + line/step
		switch {
		case len(s.namespaces) == 0 && line == 0:
			lines = append(lines, st.Muted.Render("  no namespace to show"))
		case index >= len(s.namespaces) || line%step > 0 || line/step >= s.page:
			lines = append(lines, "")
		default:
			lines = append(lines, s.line(g, index))
		}
	}
	lines = append(lines, " "+screen.HeatLegend(st))
	if count := len(s.namespaces); count > 0 {
		box.Footer = fmt.Sprintf("%d-%d of %d", s.top+1, min(s.top+s.page, count), count)
	}
	return box.Render(st, s.frame.Width, s.frame.Height, widget.NewBlock(st, lines, width, height))
}

func (s *Screen) title() string {
	return screen.FilterTitle("Heat map", len(s.namespaces), len(s.shown.Namespaces), s.filter.Text()) + screen.Unfiltered(s.refused)
}

// grid is how wide the columns are, and which categories are visible.
type grid struct {
	name, cell int
	visible    []audit.Category
}

// measure divides a width among the columns. Where not all categories find room, those
// around the cursor are shown.
func (s *Screen) measure(width int) grid {
	categories := s.categories()
	room := width - 3 - scoreCell - nameLeast
	count := max(1, min(len(categories), room/cellLeast))
	g := grid{cell: min(cellMost, max(cellLeast, room/count))}
	g.name = max(1, min(nameMost, width-3-scoreCell-count*g.cell))
	s.left = min(s.left, len(categories)-count)
	if at := s.column - 1; at >= 0 {
		s.left = min(max(s.left, at-count+1), at)
	} else {
		s.left = 0
	}
	s.left = max(s.left, 0)
	g.visible = categories[s.left:min(s.left+count, len(categories))]
	return g
}

// titles are the names of the columns. The one that is sorted by has a sign, that of
// the cursor stands out.
func (s *Screen) titles(g grid) string {
	st := s.frame.Styles
	title := func(column, width int, text string) string {
		if column == s.sorted {
			sign := st.Glyphs.Ascending
			if s.best {
				sign = st.Glyphs.Descending
			}
			text = style.Truncate(text, width-2, "") + sign
		}
		look := st.Header
		if column == s.column {
			look = st.Accent
		}
		return look.Render(style.Fit(text, width-1, style.Left, st.Glyphs.Ellipsis)) + " "
	}
	var b strings.Builder
	b.WriteString("  " + st.Header.Render(style.Fit("NAMESPACE", g.name+1, style.Left, st.Glyphs.Ellipsis)))
	b.WriteString(title(0, scoreCell, " SCORE"))
	for i, c := range g.visible {
		b.WriteString(title(s.left+i+1, g.cell, strings.ToUpper(c.Label)))
	}
	return b.String()
}

// line draws the row of a namespace.
func (s *Screen) line(g grid, index int) string {
	st, n := s.frame.Styles, s.namespaces[index]
	var b strings.Builder
	here := index == s.row
	name, cursor := st.Text, " "
	if here {
		name, cursor = st.Selection, st.Glyphs.Cursor
	}
	st.Accent.Append(&b, cursor)
	b.WriteByte(' ')
	name.AppendFit(&b, n.Name, g.name, style.Left, st.Glyphs.Ellipsis)
	b.WriteByte(' ')
	look, text := st.Muted, "  n/a"
	if n.Scored {
		look, text = st.Score(n.Score), style.PadLeft(s.figures.Tenth(n.Score), 5)+" "+s.figures.Grade(n.Grade)
	}
	if here && s.column == 0 {
		look = st.Selection
	}
	look.AppendFit(&b, text, scoreCell, style.Left, st.Glyphs.Ellipsis)
	for i, c := range g.visible {
		s.cell(&b, screen.CategoryOf(n, c.ID), g.cell, here && s.column == s.left+i+1)
	}
	return b.String()
}

// cell draws a cell: its number, and its shade as wide as there is room.
func (s *Screen) cell(b *strings.Builder, c score.CategoryScore, width int, selected bool) {
	st := s.frame.Styles
	text, look := "-", st.Muted
	if c.Scored {
		text, look = strconv.Itoa(int(math.Round(c.Score))), st.Score(c.Score)
	}
	if selected {
		look = st.Selection
		text = st.Glyphs.Cursor + style.PadLeft(text, figure-2)
	}
	look.AppendFit(b, text, figure-1, style.Right, "")
	b.WriteByte(' ')
	screen.AppendHeat(b, st, c, width-figure-1)
	b.WriteByte(' ')
}
