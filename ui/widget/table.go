package widget

import (
	"fmt"
	"slices"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
)

// Rows are the rows of a Table, in the order to show. Only visible rows are
// asked for their cells. If rows also have a method Index(key string) int that
// returns where a key stands, or -1, a changed order costs no search.
type Rows interface {
	// Len is the number of rows.
	Len() int
	// Key names row i for as long as its object lives: not empty, unique.
	Key(i int) string
	// Cells appends the cells of row i, one for each column, to dst and
	// returns it. Missing cells are blank.
	Cells(i int, dst []Cell) []Cell
}

// Headed are Rows of which some stand for those below them: what such a row says has
// nothing to do with the columns.
type Headed interface {
	Rows
	// Heading returns the parts of the line of row i, nil for one with columns.
	Heading(i int) []Cell
}

// Marks are the rows that are marked, by their keys. Tables may share them.
type Marks interface {
	// Has reports whether a row is marked.
	Has(key string) bool
	// Toggle marks a row, or takes its mark off; false if it cannot be marked.
	Toggle(key string) bool
}

// Table shows rows under column titles, of which one is under the cursor. Once
// the user has moved it, the cursor stays on the object: if rows come, go or
// change places, it follows the key, and the row keeps its place on the screen.
// Before that it stays at the top.
//
// Make a Table with NewTable. It is not safe for concurrent use.
type Table struct {
	// Empty is said where there is no row; one line.
	Empty string

	columns []Column
	rows    Rows

	moved  bool   // The user has put the cursor somewhere; until then it stays at the top.
	cursor int    // Index of the row under the cursor.
	key    string // Its key; empty if there is no row.
	top    int    // Index of the first visible row.
	page   int    // Visible rows, as last drawn; 0 before that.
	marks  Marks
	// blurred says that another pane has the focus: the cursor is not drawn.
	blurred bool

	sought Cursor // Where the cursor is to return to; empty for nowhere.

	sortID          string
	descending      bool
	firstID         string // What they were at first.
	firstDescending bool

	layout Layout
	wide   bool

	later   string // An order that waits for the columns.
	refused error

	solvedFor int   // The width that view and widths are for.
	view      []int // Which columns are seen, in their order.
	widths    []int // Of those in view.
	cells     []Cell
	heading   []Cell // of the row that is drawn, nil for one with columns
}

// NewTable returns a table with these columns and no row.
func NewTable(columns []Column) *Table {
	return &Table{columns: slices.Clone(columns), rows: noRows{}, Empty: "nothing to show"}
}

// SetColumns shows other columns. Cursor, marks and sort order stay.
func (t *Table) SetColumns(columns []Column) {
	t.columns, t.widths = slices.Clone(columns), nil
	t.orderNow()
}

// SetRows shows other rows, or the same in another order. If the object under
// the cursor is gone, the cursor stays where it was on the screen. Nil means
// no row.
func (t *Table) SetRows(rows Rows) {
	if rows == nil {
		rows = noRows{}
	}
	t.rows = rows
	if t.seek() {
		return
	}
	if !t.moved {
		t.moveTo(0) // While rows come in, the first is not yet the one that was looked for.
		return
	}
	if found := t.find(t.key); found >= 0 {
		t.top += found - t.cursor
		t.cursor = found
		t.scroll()
		return
	}
	t.moveTo(t.cursor)
}

// find returns the index of a key, or -1. It looks near the cursor first, for
// rows seldom go far.
func (t *Table) find(key string) int {
	count := t.rows.Len()
	if key == "" || count == 0 {
		return -1
	}
	if indexed, ok := t.rows.(interface{ Index(key string) int }); ok {
		return indexed.Index(key)
	}
	for distance := range count + t.cursor + 1 {
		for _, i := range [2]int{t.cursor - distance, t.cursor + distance} {
			if i >= 0 && i < count && t.rows.Key(i) == key {
				return i
			}
		}
	}
	return -1
}

// Selected returns key and index of the row under the cursor, and whether
// there is a row at all.
func (t *Table) Selected() (key string, index int, ok bool) {
	return t.key, t.cursor, t.key != ""
}

// Select puts the cursor on the row of that key and reports whether there is
// one.
func (t *Table) Select(key string) bool {
	found := t.find(key)
	if found >= 0 {
		t.moved, t.sought = true, Cursor{}
		t.moveTo(found)
	}
	return found >= 0
}

// Move moves the cursor by that many rows, down if positive, and stops at the
// ends.
func (t *Table) Move(rows int) {
	t.moved, t.sought = true, Cursor{}
	t.moveTo(t.cursor + rows)
}

func (t *Table) moveTo(index int) {
	t.cursor = max(0, min(index, t.rows.Len()-1))
	t.key = ""
	if t.rows.Len() > 0 {
		t.key = t.rows.Key(t.cursor)
	}
	t.scroll()
}

// scroll brings the cursor into view, as soon as it is known how much is seen.
func (t *Table) scroll() {
	if t.page == 0 {
		return
	}
	t.top = max(t.cursor-t.page+1, min(t.top, t.cursor))
	t.top = max(0, min(t.top, t.rows.Len()-t.page))
}

// Handle does what a key binding asks of a table and reports whether it is one
// for tables. After keymap.Sort and keymap.Reverse the caller sorts the rows
// anew, by what SortedBy says.
func (t *Table) Handle(id keymap.ID) bool {
	switch id {
	case keymap.Up:
		t.Move(-1)
	case keymap.Down:
		t.Move(1)
	case keymap.PageUp:
		t.Move(-max(t.page, 1))
	case keymap.PageDown:
		t.Move(max(t.page, 1))
	case keymap.HalfUp:
		t.Move(-max(t.page/2, 1))
	case keymap.HalfDown:
		t.Move(max(t.page/2, 1))
	case keymap.Next:
		t.Move(1)
	case keymap.Previous:
		t.Move(-1)
	case keymap.Top:
		t.Move(-t.rows.Len())
	case keymap.Bottom:
		t.Move(t.rows.Len())
	case keymap.Mark:
		return t.toggleMark()
	default:
		return t.handleLayout(id)
	}
	return true
}

// Moved reports whether the user has put the cursor somewhere.
func (t *Table) Moved() bool { return t.moved }

// SetMarks lets rows be marked.
func (t *Table) SetMarks(marks Marks) { t.marks = marks }

// toggleMark marks or unmarks the row under the cursor and goes down one row,
// so that a run of rows can be marked. It reports whether rows can be marked here.
func (t *Table) toggleMark() bool {
	if t.marks == nil {
		return false
	}
	if t.key != "" && t.marks.Toggle(t.key) {
		t.Move(1)
	}
	return true
}

// SortBy says by which column the rows are sorted at first, for the sign in its title.
// It does not sort. An empty id means by none.
func (t *Table) SortBy(id string, descending bool) {
	t.sortID, t.descending = id, descending
	t.firstID, t.firstDescending = id, descending
}

// SortedBy returns the column to sort by, empty for none, and the direction.
func (t *Table) SortedBy() (id string, descending bool) {
	return t.sortID, t.descending
}

// Footer says which rows are visible, as "1-9 of 400". It is right after the table
// has been drawn.
func (t *Table) Footer() string {
	count := t.rows.Len()
	if count == 0 {
		return "0 of 0"
	}
	return fmt.Sprintf("%d-%d of %d", t.top+1, min(t.top+t.page, count), count)
}

// Visible returns the rows that were to be seen when the table was last drawn, from one
// index up to another; none before that.
func (t *Table) Visible() (from, to int) { return t.top, min(t.top+t.page, t.rows.Len()) }

// CursorBelow returns the line of the cursor on a screen that has so many lines
// above the box of the table ([Table.RenderBox]); -1 without a row.
func (t *Table) CursorBelow(above int) int {
	if line := t.CursorLine(); line >= 0 {
		return above + 1 + line
	}
	return -1
}

// CursorLine returns the line, counted from 0 at the column titles, on which
// the cursor stands, for the terminal's own cursor; -1 without a row.
func (t *Table) CursorLine() int {
	if t.key == "" {
		return -1
	}
	return 1 + t.cursor - t.top
}

// Click puts the cursor on the row at a line, counted from 0 at the column
// titles, and reports whether there is one.
func (t *Table) Click(line int) bool {
	index := t.top + line - 1
	if line < 1 || line > t.page || index >= t.rows.Len() {
		return false
	}
	t.Move(index - t.cursor)
	return true
}

// noRows stands in where no rows were given.
type noRows struct{}

func (noRows) Len() int                       { return 0 }
func (noRows) Key(int) string                 { return "" }
func (noRows) Cells(_ int, dst []Cell) []Cell { return dst }
