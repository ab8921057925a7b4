package screen

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// ListingColumn is a column of a Listing: its ID is what a filter calls it.
type ListingColumn[T any] struct {
	widget.Column
	// Text is what a row has in the column, as words.
	Text func(row T) string
	// Value is the number that it is compared by, NaN for none; nil for a column of words.
	Value func(row T) float64
}

// Words is a column of words.
func Words[T any](c widget.Column, text func(row T) string) ListingColumn[T] {
	return ListingColumn[T]{Column: c, Text: text}
}

// Numbers is a column of numbers, NaN for none, sorted from high to low at first.
func Numbers[T any](c widget.Column, value func(row T) float64) ListingColumn[T] {
	c.Align, c.Falling = style.Right, true
	return ListingColumn[T]{Column: c, Value: value, Text: func(row T) string {
		if n := value(row); !math.IsNaN(n) {
			return fmt.Sprint(n)
		}
		return ""
	}}
}

// Listing is the table of a screen with few rows (see [Few]): they are filtered and
// sorted at once, by any column. A screen embeds it, and is a Filterer and Tabled then.
type Listing[T any] struct {
	table     *widget.Table
	columns   []ListingColumn[T]
	filtering Filtering
	refused   error // what is wrong with the filter of the address
	all, kept []T
	show      func(kept []T) widget.Rows
}

// NewListing returns a listing without rows. Filter is what the address asks for; show
// makes rows to draw of those that are to be seen.
func NewListing[T any](columns []ListingColumn[T], filter string, show func(kept []T) widget.Rows) *Listing[T] {
	l := &Listing[T]{columns: columns, show: show}
	drawn := make([]widget.Column, len(columns))
	for i, c := range columns {
		drawn[i] = c.Column
	}
	l.table = widget.NewTable(drawn)
	l.refused = l.filtering.Set(filter, l.fields())
	return l
}

// fields are what a filter can ask for.
func (l *Listing[T]) fields() []widget.Field {
	fields := make([]widget.Field, len(l.columns))
	for i, c := range l.columns {
		fields[i] = widget.Field{Name: c.ID, Number: c.Value != nil}
	}
	return fields
}

// Table returns the table.
func (l *Listing[T]) Table() *widget.Table { return l.table }

// Len returns how many rows there are, before the filter.
func (l *Listing[T]) Len() int { return len(l.all) }

// List shows other rows, which must not change afterwards.
func (l *Listing[T]) List(rows []T) {
	l.all = rows
	l.Arrange()
}

// Arrange filters and sorts the rows anew. In equal rows, and where nothing is sorted
// by, their own order stands.
func (l *Listing[T]) Arrange() {
	l.kept = nil
	for _, row := range l.all {
		if l.filtering.Match(listed[T]{l.columns, row}) {
			l.kept = append(l.kept, row)
		}
	}
	id, descending := l.table.SortedBy()
	if by := slices.IndexFunc(l.columns, func(c ListingColumn[T]) bool { return c.ID == id && id != "" }); by >= 0 {
		slices.SortStableFunc(l.kept, func(a, b T) int { return l.columns[by].compare(a, b, descending) })
	}
	l.table.SetRows(l.show(l.kept))
}

// compare orders two rows by a column; what has no value stands last in any order.
func (c ListingColumn[T]) compare(a, b T, descending bool) int {
	order := 0
	if c.Value == nil {
		order = strings.Compare(c.Text(a), c.Text(b))
	} else {
		x, y := c.Value(a), c.Value(b)
		if math.IsNaN(x) != math.IsNaN(y) {
			return cmp.Compare(y, x) // NaN is less than any number
		}
		order = cmp.Compare(x, y)
	}
	if descending {
		return -order
	}
	return order
}

// Selected returns the row under the cursor, false if there is none.
func (l *Listing[T]) Selected() (row T, ok bool) {
	if _, i, ok := l.table.Selected(); ok && i < len(l.kept) {
		return l.kept[i], true
	}
	return row, false
}

// Handle does what a key asks of the table.
func (l *Listing[T]) Handle(id keymap.ID) {
	l.table.Handle(id)
	if id == keymap.Sort || id == keymap.Reverse {
		l.Arrange()
	}
}

// Filter shows only the rows that a text lets through.
func (l *Listing[T]) Filter(text string) error {
	if err := l.filtering.Set(text, l.fields()); err != nil {
		return err
	}
	l.refused = nil
	l.Arrange()
	return nil
}

// FilterText returns the filter in force.
func (l *Listing[T]) FilterText() string { return l.filtering.Text() }

// Filtered says how many rows are seen of how many, "" without a filter.
func (l *Listing[T]) Filtered() string {
	switch {
	case l.refused != nil:
		return fmt.Sprintf("not filtered: %v", l.refused)
	case l.filtering.Text() == "":
		return ""
	}
	return fmt.Sprintf("%d of %d filtered by %s", len(l.kept), len(l.all), l.filtering.Text())
}

// Empty says why there is no row, where there would be some without the filter; else
// it is what is given.
func (l *Listing[T]) Empty(without string) string {
	if len(l.all) > 0 {
		return "nothing matches the filter"
	}
	return without
}

// listed is a row as a filter sees it.
type listed[T any] struct {
	columns []ListingColumn[T]
	row     T
}

// Text returns what a field shows.
func (r listed[T]) Text(field int) string { return r.columns[field].Text(r.row) }

// Value returns the number of a field.
func (r listed[T]) Value(field int) float64 {
	if value := r.columns[field].Value; value != nil {
		return value(r.row)
	}
	return math.NaN()
}
