package widget

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
)

// Placed is a column as the user wants it.
type Placed struct {
	// ID is that of the column.
	ID string
	// Shown says whether it is to be seen, where there is room.
	Shown bool
}

// Layout is which columns the user wants to see, in the order to show. Columns that
// it does not name stand where they would without it. Nil leaves all as it is.
type Layout []Placed

// SetLayout shows the columns as the user wants them.
func (t *Table) SetLayout(layout Layout) { t.layout, t.widths = slices.Clone(layout), nil }

// Layout returns how the user wants the columns, nil if nothing was said.
func (t *Table) Layout() Layout { return slices.Clone(t.layout) }

// Wide reports whether the columns that a table has only when it is wide are shown.
func (t *Table) Wide() bool { return t.wide }

// SetWide shows the columns that a table has only when it is wide, or hides them.
func (t *Table) SetWide(wide bool) { t.wide, t.widths = wide, nil }

// Column returns the column of an ID, false if there is none.
func (t *Table) Column(id string) (Column, bool) {
	i := slices.IndexFunc(t.columns, func(c Column) bool { return c.ID == id && id != "" })
	if i < 0 {
		return Column{}, false
	}
	return t.columns[i], true
}

// Columns returns the columns that the user can choose among: those with an ID.
func (t *Table) Columns() []Column {
	return slices.DeleteFunc(slices.Clone(t.columns), func(c Column) bool { return c.ID == "" })
}

// Placing returns how the columns stand now, the hidden ones among them.
func (t *Table) Placing() Layout {
	var placing Layout
	for _, i := range t.order() {
		if c := t.columns[i]; c.ID != "" {
			placing = append(placing, Placed{c.ID, t.wanted(c)})
		}
	}
	return placing
}

// order returns the indexes of all columns in the order that the user wants: one that
// the layout does not name stays behind the column that it stood behind.
func (t *Table) order() []int {
	order := make([]int, 0, len(t.columns))
	for _, p := range t.layout {
		if i := slices.IndexFunc(t.columns, func(c Column) bool { return c.ID == p.ID && p.ID != "" }); i >= 0 && !slices.Contains(order, i) {
			order = append(order, i)
		}
	}
	for i := range t.columns {
		if !slices.Contains(order, i) {
			order = slices.Insert(order, slices.Index(order, i-1)+1, i)
		}
	}
	return order
}

// wanted reports whether a column is to be seen, where there is room.
func (t *Table) wanted(c Column) bool {
	if i := slices.IndexFunc(t.layout, func(p Placed) bool { return p.ID == c.ID && c.ID != "" }); i >= 0 {
		return t.layout[i].Shown
	}
	return t.wide || !c.Wide
}

// solve finds out which columns are seen in a width, and how wide each is.
func (t *Table) solve(width int) {
	if t.widths != nil && t.solvedFor == width {
		return
	}
	t.view = nil
	for _, i := range t.order() {
		if t.wanted(t.columns[i]) {
			t.view = append(t.view, i)
		}
	}
	if len(t.view) == 0 { // a table without a column shows nothing at all
		t.view = t.order()
	}
	seen := make([]Column, len(t.view))
	for at, i := range t.view {
		seen[at] = t.columns[i]
		if t.wide && seen[at].WidePriority != 0 {
			seen[at].Priority = seen[at].WidePriority
		}
	}
	t.widths, t.solvedFor = SolveColumns(seen, width-gutter), width
}

// Room returns how many of the columns that are to be seen have room in the width in
// which the table was last drawn, and how many there are.
func (t *Table) Room() (fitting, all int) {
	t.solve(t.solvedFor)
	for _, width := range t.widths {
		if width > 0 {
			fitting++
		}
	}
	return fitting, len(t.view)
}

// Sortable returns the IDs of the columns that the rows can be sorted by.
func (t *Table) Sortable() []string {
	var ids []string
	for _, c := range t.Columns() {
		if !c.Unsorted {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// OrderBy is Order by a text: the ID of a column and, if it is not to be sorted in its
// own direction, "asc" or "desc". A table that has no columns yet remembers it until it
// has them; what is wrong with it then, Refused says.
func (t *Table) OrderBy(text string) error {
	words := strings.Fields(strings.ToLower(text))
	if len(words) == 0 || len(words) > 2 || len(words) == 2 && words[1] != "asc" && words[1] != "desc" {
		return fmt.Errorf("an order is a column, perhaps with asc or desc behind it, not %q", text)
	}
	if t.columns == nil {
		t.later = text
		return nil
	}
	c, ok := t.Column(words[0])
	if !ok || c.Unsorted {
		return fmt.Errorf("the rows cannot be sorted by %q (there are: %s)", words[0], strings.Join(t.Sortable(), ", "))
	}
	t.sortID, t.descending = c.ID, c.Falling
	if len(words) == 2 {
		t.descending = words[1] == "desc"
	}
	return nil
}

// orderNow does what OrderBy had to put off.
func (t *Table) orderNow() {
	if text := t.later; text != "" && t.columns != nil {
		t.later, t.refused = "", t.OrderBy(text)
	}
}

// Refused returns, once, what was wrong with an order that had to wait for the columns.
func (t *Table) Refused() error {
	err := t.refused
	t.refused = nil
	return err
}

// Order sorts the rows by a column that the user has named, and reports whether there
// is one that they can be sorted by. The caller sorts them.
func (t *Table) Order(id string, descending bool) bool {
	c, ok := t.Column(id)
	if !ok || c.Unsorted {
		return false
	}
	t.sortID, t.descending = id, descending
	return true
}

// Reordered reports whether the user sorts the rows in another way than they were at
// first.
func (t *Table) Reordered() bool { return t.sortID != t.firstID || t.descending != t.firstDescending }

// handleLayout does what a key asks of the columns, and reports whether it is for them.
func (t *Table) handleLayout(id keymap.ID) bool {
	switch id {
	case keymap.Sort:
		t.sortByNext()
	case keymap.Reverse:
		t.descending = !t.descending
	case keymap.Wide:
		t.SetWide(!t.wide)
	default:
		return false
	}
	return true
}

// sortByNext goes to the next column that is to be seen and can be sorted by, in the
// direction that is its own.
func (t *Table) sortByNext() {
	order := slices.DeleteFunc(t.order(), func(i int) bool {
		c := t.columns[i]
		return c.ID == "" || c.Unsorted || c.ID != t.sortID && !t.wanted(c)
	})
	if len(order) == 0 {
		return
	}
	current := slices.IndexFunc(order, func(i int) bool { return t.columns[i].ID == t.sortID })
	next := t.columns[order[(current+1)%len(order)]]
	t.sortID, t.descending = next.ID, next.Falling
}
