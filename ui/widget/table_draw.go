package widget

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// Cell is one cell of a Table.
type Cell struct {
	// Text is shown, cleaned and cut to the width of the column.
	Text string
	// Style is its look, except in the row under the cursor.
	Style style.Style
}

// gutter is the width of the signs before each row: cursor, mark, blank.
const gutter = 3

// Render draws the table: the column titles, then as many rows as fit.
func (t *Table) Render(s *style.Styles, width, height int) Block {
	if width <= 0 || height <= 0 {
		return NewBlock(s, nil, width, height)
	}
	t.page = max(height-1, 1)
	t.scroll()
	t.solve(width)
	if width <= gutter {
		return NewBlock(s, nil, width, height)
	}
	c := newCutter(width, height)
	t.drawTitles(c, s, width)
	for line := 1; line < height; line++ {
		index := t.top + line - 1
		switch {
		case index < t.rows.Len():
			t.drawRow(c, s, index, width)
		case line == 1:
			text := style.FitText(t.Empty, width-gutter, style.Left, s.Glyphs.Ellipsis)
			c.WriteString(style.Blanks(gutter))
			s.Muted.Append(&c.Builder, text)
		default:
			c.WriteString(style.Blanks(width))
		}
		c.endLine()
	}
	return c.block()
}

// RenderBox draws the table as what is worked with on a screen: in a box with the
// focus, a title, and below which rows are visible.
func (t *Table) RenderBox(s *style.Styles, title string, width, height int) Block {
	return t.RenderPane(s, Box{Focus: true, Title: title}, width, height)
}

// RenderPane draws the table in a box, which gets its footer: as one of several panes,
// of which only the one with the focus shows where its cursor is.
func (t *Table) RenderPane(s *style.Styles, box Box, width, height int) Block {
	box.Padding = 0 // the rows have a gutter
	t.blurred = !box.Focus
	defer func() { t.blurred = false }()
	w, h := box.Inner(width, height)
	body := t.Render(s, w, h)
	box.Footer = t.Footer()
	return box.Render(s, width, height, body)
}

func (t *Table) drawTitles(c *cutter, s *style.Styles, width int) {
	var line strings.Builder
	line.WriteString(style.Blanks(gutter))
	used := gutter
	for at, i := range t.view {
		if t.widths[at] == 0 {
			continue
		}
		column := t.columns[i]
		title := column.Title
		if column.ID != "" && column.ID == t.sortID {
			sign := s.Glyphs.Ascending
			if t.descending {
				sign = s.Glyphs.Descending
			}
			title = style.Cut(title, t.widths[at]-1, "") + sign
		}
		used += t.appendCell(&line, s, Cell{Text: title}, at, used > gutter)
	}
	line.WriteString(style.Blanks(width - used))
	s.Header.Append(&c.Builder, line.String())
	c.endLine()
}

func (t *Table) drawRow(c *cutter, s *style.Styles, index, width int) {
	t.cells, t.heading = t.cells[:0], nil
	if headed, ok := t.rows.(Headed); ok {
		t.heading = headed.Heading(index)
	}
	if t.heading == nil {
		t.cells = t.rows.Cells(index, t.cells)
	}
	marked := t.marks != nil && t.marks.Has(t.rows.Key(index))
	if index == t.cursor && !t.blurred {
		var line strings.Builder
		line.Grow(width + 16)
		line.WriteString(s.Glyphs.Cursor)
		t.drawCells(&line, s, marked, width, true)
		s.Selection.Append(&c.Builder, line.String())
		return
	}
	c.WriteByte(' ')
	t.drawCells(&c.Builder, s, marked, width, false)
}

// drawCells draws a row from its mark on. Under the cursor the cells are
// plain, for the row has a style of its own.
func (t *Table) drawCells(b *strings.Builder, s *style.Styles, marked bool, width int, plain bool) {
	mark, markStyle := " ", style.Style{}
	if marked {
		mark, markStyle = s.Glyphs.Mark, s.Mark
	}
	if plain {
		markStyle = style.Style{}
	}
	markStyle.Append(b, mark)
	b.WriteByte(' ')
	used := gutter
	if parts := t.heading; parts != nil {
		drawHeading(b, s, parts, width-used, plain)
		return
	}
	for at, i := range t.view {
		if t.widths[at] == 0 {
			continue
		}
		var cell Cell
		if i < len(t.cells) {
			cell = t.cells[i]
		}
		if plain {
			cell.Style = style.Style{}
		}
		used += t.appendCell(b, s, cell, at, used > gutter)
	}
	b.WriteString(style.Blanks(width - used))
}

// drawHeading writes the parts of a row without columns, one after the other.
func drawHeading(b *strings.Builder, s *style.Styles, parts []Cell, width int, plain bool) {
	for i, part := range parts {
		look := part.Style
		if plain {
			look = style.Style{}
		}
		if i > 0 && width > 0 {
			b.WriteByte(' ')
			width--
		}
		text := style.Cut(part.Text, width, s.Glyphs.Ellipsis)
		look.Append(b, text)
		width -= style.Width(text)
	}
	b.WriteString(style.Blanks(width))
}

// appendCell writes a cell into the place of a column that is seen, after a gap if one
// is asked for, and returns how many cells of the screen that took.
func (t *Table) appendCell(b *strings.Builder, s *style.Styles, cell Cell, at int, spaced bool) int {
	taken := t.widths[at]
	if spaced {
		b.WriteString(style.Blanks(gap))
		taken += gap
	}
	cell.Style.AppendFit(b, cell.Text, t.widths[at], t.columns[t.view[at]].Align, s.Glyphs.Ellipsis)
	return taken
}
