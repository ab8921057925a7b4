package rbac

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// list is the table of a view: its sheet, filtered and sorted. Each view keeps its
// own, with cursor, filter and order.
type list struct {
	columns   []column
	table     *widget.Table
	sheet     *sheet // nil before the first
	shown     arranged
	arranging *screen.Work
	filter    screen.Filtering
	styles    *style.Styles
	changed   func() // told when other rows are shown
}

// arranged is what is shown of a sheet, in its order.
type arranged struct {
	of    *sheet
	order []int32
	text  string         // of the filter
	at    map[string]int // where a key stands
}

// newList returns a list that tells when its rows have changed.
func newList(columns []column, changed func()) *list {
	l := &list{columns: columns, table: widget.NewTable(drawn(columns)), changed: changed}
	l.arranging = screen.NewWork(l.arrange)
	return l
}

// take shows another sheet.
func (l *list) take(made *sheet) {
	l.sheet = made
	l.arranging.Restart(len(made.rows))
}

// age lets go of what the sheet was made of: its rows are still shown when the user
// comes back to them, until there are newer ones, but must not keep a whole view of
// the cluster from being collected.
func (l *list) age() {
	if l.sheet == nil {
		return
	}
	old := *l.sheet
	old.in = inputs{question: old.in.question, expand: old.in.expand}
	if l.shown.of == l.sheet {
		l.shown.of = &old
	}
	l.sheet = &old
}

// set filters the rows, or says what is wrong with the text.
func (l *list) set(text string) error {
	if err := l.filter.Set(text, fields(l.columns)); err != nil {
		return err
	}
	l.restart()
	return nil
}

// restart has the rows filtered and sorted anew.
func (l *list) restart() {
	if l.sheet != nil {
		l.arranging.Restart(len(l.sheet.rows))
	}
}

// handle does what a key asks of the table.
func (l *list) handle(id keymap.ID) {
	l.table.Handle(id)
	if id == keymap.Sort || id == keymap.Reverse {
		l.restart()
	}
}

// chunk is after how many rows it is looked whether they are still wanted.
const chunk = 4096

// arrange returns the job that filters and sorts the sheet.
func (l *list) arrange() screen.Job {
	of, filter, text := l.sheet, l.filter.Filter(), l.filter.Text()
	if of == nil {
		return nil
	}
	id, descending := l.table.SortedBy()
	by := slices.IndexFunc(l.columns, func(c column) bool { return c.ID == id && id != "" })
	ranked := by >= 0 && (l.columns[by].field.Number || l.columns[by].field.Scale != nil)
	subject := subjectColumn(l.columns)
	return func(ctx context.Context) func() {
		made := arranged{of: of, text: text}
		for i := range of.rows {
			if i%chunk == 0 && ctx.Err() != nil {
				return nil
			}
			if filter.Match(filterRow{of.rows[i].cells, subject}) {
				made.order = append(made.order, int32(i)) //nolint:gosec // far fewer
			}
		}
		if by >= 0 {
			slices.SortStableFunc(made.order, func(a, b int32) int {
				return compare(of.rows[a].cells[by], of.rows[b].cells[by], ranked, descending)
			})
		}
		made.at = make(map[string]int, len(made.order))
		for at, i := range made.order {
			made.at[of.rows[i].key] = at
		}
		return func() {
			l.shown = made
			l.table.SetRows(rows{l})
			l.changed()
		}
	}
}

// compare orders two cells of a column; what has no value stands last in any order.
func compare(a, b cell, ranked, descending bool) int {
	order := 0
	if ranked {
		switch none, other := math.IsNaN(a.value), math.IsNaN(b.value); {
		case none && other:
			return 0
		case none:
			return 1
		case other:
			return -1
		}
		order = cmp.Compare(a.value, b.value)
	} else {
		order = strings.Compare(a.text, b.text)
	}
	if descending {
		return -order
	}
	return order
}

// selected returns the row under the cursor, nil without one.
func (l *list) selected() *row {
	_, i, ok := l.table.Selected()
	if !ok || i >= len(l.shown.order) {
		return nil
	}
	return &l.shown.of.rows[l.shown.order[i]]
}

// leads returns where the keys for the row under the cursor lead. What was opened is
// what the user comes back to.
func (l *list) leads() (open, paths nav.Address) {
	r := l.selected()
	if r == nil {
		return nav.Address{}, nav.Address{}
	}
	l.table.Move(0)
	return r.open, r.paths
}

// title is what stands above the table.
func (l *list) title() string {
	if l.shown.of == nil {
		return ""
	}
	title := screen.FilterTitle(l.shown.of.title, len(l.shown.order), len(l.shown.of.rows), l.shown.text)
	if l.arranging.Late() {
		title += "  sorting" + l.styles.Glyphs.Ellipsis
	}
	return title
}

// render draws the table. Waiting is what is said before the first sheet.
func (l *list) render(st *style.Styles, r widget.Rect, waiting string) widget.Block {
	l.styles = st
	switch {
	case l.shown.of == nil:
		l.table.Empty = waiting
	case len(l.shown.of.rows) == 0:
		l.table.Empty = l.shown.of.empty
	default:
		l.table.Empty = "nothing matches the filter"
	}
	return l.table.In(r).RenderBox(st, l.title(), r.W, r.H)
}

// rows are what the table shows.
type rows struct{ *list }

// Len returns how many rows the filter lets through.
func (r rows) Len() int { return len(r.shown.order) }

// Key names a row.
func (r rows) Key(i int) string { return r.shown.of.rows[r.shown.order[i]].key }

// Index returns where a key stands, -1 if it does not.
func (r rows) Index(key string) int {
	if at, there := r.shown.at[key]; there {
		return at
	}
	return -1
}

// Cells appends the cells of a row.
func (r rows) Cells(i int, dst []widget.Cell) []widget.Cell {
	for _, c := range r.shown.of.rows[r.shown.order[i]].cells {
		shown := c.text
		if c.mark {
			shown = r.styles.SeverityMark(style.Severity(c.value))
		}
		dst = append(dst, widget.Cell{Text: shown, Style: c.tone.of(r.styles)})
	}
	return dst
}
