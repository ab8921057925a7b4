package ui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// chooser is the list of a table's columns over its screen. What is changed in it
// counts when it is taken.
type chooser struct {
	of         screen.Tabled
	columns    widget.Layout
	cursor     int
	top        int
	sortID     string
	descending bool
	first      bool // all is to be as it was at first
}

// startChooser opens the list of columns, where there is a table.
func (m *Model) startChooser() {
	of, table := m.table()
	if table == nil || len(table.Columns()) == 0 {
		m.notice = notice{"there are no columns to choose here", true}
		return
	}
	m.chooser = &chooser{of: of, columns: table.Placing()}
	m.chooser.sortID, m.chooser.descending = table.SortedBy()
}

// table returns the shown screen and its table, nil where there is none.
func (m *Model) table() (screen.Tabled, *widget.Table) {
	of, ok := m.top().(screen.Tabled)
	if !ok || m.instead() != nil {
		return nil, nil
	}
	return of, of.Table()
}

// chooserKey does what a key means among the columns.
func (m *Model) chooserKey(key tea.KeyPressMsg) {
	c := m.chooser
	at := &c.columns[c.cursor]
	switch m.keys.Lookup(key.String(), keymap.Choosing, keymap.Table, keymap.Global) {
	case keymap.Up:
		c.cursor = max(c.cursor-1, 0)
	case keymap.Down:
		c.cursor = min(c.cursor+1, len(c.columns)-1)
	case keymap.Top:
		c.cursor = 0
	case keymap.Bottom:
		c.cursor = len(c.columns) - 1
	case keymap.Mark:
		at.Shown, c.first = !at.Shown, false
	case keymap.ColumnUp:
		c.swap(-1)
	case keymap.ColumnDown:
		c.swap(1)
	case keymap.Sort:
		c.sort(at.ID)
	case keymap.Unmark:
		c.reset()
	case keymap.Open:
		m.chooser = nil
		m.takeColumns(c)
	case keymap.Back, keymap.Quit, keymap.Columns:
		m.chooser = nil
	default: // the rest is for the screen below
	}
}

// swap moves the column under the cursor, which stays on it.
func (c *chooser) swap(by int) {
	to := c.cursor + by
	if to < 0 || to >= len(c.columns) {
		return
	}
	c.columns[c.cursor], c.columns[to] = c.columns[to], c.columns[c.cursor]
	c.cursor, c.first = to, false
}

// sort sorts by a column, or the other way round if it is sorted by already.
func (c *chooser) sort(id string) {
	switch column, _ := c.of.Table().Column(id); {
	case column.Unsorted:
	case c.sortID == id:
		c.descending = !c.descending
	default:
		c.sortID, c.descending = id, column.Falling
	}
}

// reset puts the columns where they were at first.
func (c *chooser) reset() {
	table := c.of.Table()
	before := table.Layout()
	table.SetLayout(nil)
	c.columns, c.first = table.Placing(), true
	table.SetLayout(before)
}

// takeColumns shows the table as it was chosen.
func (m *Model) takeColumns(c *chooser) {
	table := c.of.Table()
	layout := c.columns
	if c.first {
		layout = nil
	}
	m.layOut(table, layout)
	if id, descending := table.SortedBy(); id != c.sortID || descending != c.descending {
		table.Order(c.sortID, c.descending)
		c.of.Arrange()
	}
}

// The size of the chooser, in cells and lines.
const (
	chooserWidth  = 44
	aroundChooser = 4
)

// over draws the chooser over the lines of the whole screen.
func (c *chooser) over(st *style.Styles, lines []string, width, height int) []string {
	hint := []string{"space shows  J K moves  s sorts", "u as at first  enter takes it  esc"}
	h := min(len(c.columns)+len(hint)+2, height-aroundChooser)
	box := widget.Box{Title: "Columns", Focus: true, Padding: 1, Footer: fmt.Sprintf("%d of %d", c.cursor+1, len(c.columns))}
	w, inner := box.Inner(chooserWidth, h)
	page := max(1, inner-len(hint))
	c.top = max(c.cursor-page+1, min(c.top, c.cursor))
	var body []string
	for i := c.top; i < min(c.top+page, len(c.columns)); i++ {
		body = append(body, c.row(st, i, w))
	}
	for _, line := range hint {
		body = append(body, st.Muted.Render(line))
	}
	block := box.Render(st, chooserWidth, h, widget.NewBlock(st, body, w, inner))
	return widget.Center(widget.NewBlock(st, lines, width, height), block)
}

// row draws a column: whether it is shown, its name, and whether it is sorted by.
func (c *chooser) row(st *style.Styles, i, width int) string {
	column, _ := c.of.Table().Column(c.columns[i].ID)
	look, cursor, shown, sorted := st.Text, " ", "[ ] ", ""
	if c.columns[i].Shown {
		shown = "[x] "
	} else {
		look = st.Muted
	}
	if i == c.cursor {
		look, cursor = st.Selection, st.Glyphs.Cursor
	}
	if c.sortID == column.ID {
		sorted = "sorted " + st.Glyphs.Ascending
		if c.descending {
			sorted = "sorted " + st.Glyphs.Descending
		}
	}
	name := column.ID
	if title := style.Clean(column.Title); title != "" && style.Width(title) > 1 {
		name = style.PadRight(column.ID, 18) + " " + title
	}
	line := style.Fit(cursor+" "+shown+name, width-style.Width(sorted), style.Left, st.Glyphs.Ellipsis) + sorted
	return look.Render(line)
}

// caret is where the terminal's own cursor belongs: on the column under the cursor.
func (c *chooser) caret(width, height int) *tea.Cursor {
	h := min(len(c.columns)+4, height-aroundChooser)
	return tea.NewCursor((width-chooserWidth)/2+2, (height-h)/2+1+c.cursor-c.top)
}
