package widget

import "github.com/seaworthy-dev/seaworthy/ui/style"

// Hit is what of a Table lies under a cell of the screen.
type Hit struct {
	// Row is the index of a row, -1 where there is none.
	Row int
	// Column is the ID of the column whose title it is, "" elsewhere.
	Column string
}

// In notes where on its screen the table is drawn next, with the box around it, for the
// mouse.
func (t *Table) In(r Rect) *Table {
	t.place = r
	return t
}

// Place is where on its screen the table was last drawn, with the box around it; nowhere
// if nobody said.
func (t *Table) Place() Rect { return t.place }

// Len is the number of rows.
func (t *Table) Len() int { return t.rows.Len() }

// At returns what of the table lies under a cell of its screen.
func (t *Table) At(x, y int) Hit {
	hit := Hit{Row: -1}
	inner := Rect{t.place.X + 1, t.place.Y + 1, t.place.W - 2, t.place.H - 2}
	if !inner.Contains(x, y) {
		return hit
	}
	if line := y - inner.Y; line > 0 {
		if row := t.top + line - 1; row < t.rows.Len() {
			hit.Row = row
		}
		return hit
	}
	t.solve(inner.W)
	left, first := inner.X+gutter, true
	for at, i := range t.view {
		if t.widths[at] == 0 {
			continue
		}
		if !first {
			left += gap
		}
		if first = false; x >= left && x < left+t.widths[at] {
			hit.Column = t.columns[i].ID
		}
		left += t.widths[at]
	}
	return hit
}

// In notes where on its screen the text is drawn next, with the box around it, for the
// mouse.
func (l *Lines) In(r Rect) { l.place = r }

// Place is where on its screen the text was last drawn, with the box around it; nowhere
// if nobody said.
func (l *Lines) Place() Rect { return l.place }

// Wheel scrolls the text if it lies under a cell of its screen, and reports whether it
// does.
func (l *Lines) Wheel(x, y, lines int) bool {
	if !l.place.Contains(x, y) {
		return false
	}
	l.Scroll(lines)
	return true
}

// At returns the index of the part at the left that lies at a column of the line, -1 for
// none.
func (l Status) At(width, x int) int {
	left := 1
	for _, part := range l.fitting(width) {
		if part.right {
			break
		}
		if part.Rest != "" && part.width > width-2 {
			part.width = style.Width(part.Text)
		}
		if x >= left && x < left+part.width {
			return part.index
		}
		left += part.width + l.gap()
	}
	return -1
}
