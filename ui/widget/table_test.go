package widget_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// keyRows are rows of one cell; they count how many were drawn.
type keyRows struct {
	keys  []string
	drawn int
}

func (r *keyRows) Len() int         { return len(r.keys) }
func (r *keyRows) Key(i int) string { return r.keys[i] }
func (r *keyRows) Cells(i int, dst []widget.Cell) []widget.Cell {
	r.drawn++
	return append(dst, widget.Cell{Text: r.keys[i]})
}

func keyed(count int) *keyRows {
	rows := &keyRows{}
	for i := range count {
		rows.keys = append(rows.keys, fmt.Sprintf("row-%d", i))
	}
	return rows
}

// tableOf returns a table over rows, drawn once with ten visible rows.
func tableOf(t *testing.T, rows widget.Rows) (table *widget.Table, draw func() []string) {
	t.Helper()
	s := stylesOf(t, style.Options{NoColor: true})
	table = widget.NewTable([]widget.Column{
		{ID: "name", Title: "NAME", Min: 10, Ideal: 30},
		{Title: "WHAT", Min: 5},
		{ID: "score", Title: "SCORE", Min: 6, Falling: true},
	})
	table.SetRows(rows)
	draw = func() []string {
		lines := table.Render(s, 60, 11)
		for i, line := range lines {
			lines[i] = strings.TrimRight(ansi.Strip(line), " ")
		}
		return lines
	}
	draw()
	return table, draw
}

func selected(t *testing.T, table *widget.Table) string {
	t.Helper()
	key, _, _ := table.Selected()
	return key
}

func TestTableMoves(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		keys []keymap.ID
		want string
		line string // What the first visible row is.
	}{
		"at the start":       {nil, "row-0", "row-0"},
		"down":               {[]keymap.ID{keymap.Down, keymap.Down}, "row-2", "row-0"},
		"up from the top":    {[]keymap.ID{keymap.Up}, "row-0", "row-0"},
		"page down":          {[]keymap.ID{keymap.PageDown}, "row-10", "row-1"},
		"page down and up":   {[]keymap.ID{keymap.PageDown, keymap.PageUp}, "row-0", "row-0"},
		"half down":          {[]keymap.ID{keymap.HalfDown}, "row-5", "row-0"},
		"half down and up":   {[]keymap.ID{keymap.HalfDown, keymap.HalfUp}, "row-0", "row-0"},
		"bottom":             {[]keymap.ID{keymap.Bottom}, "row-99", "row-90"},
		"beyond the bottom":  {[]keymap.ID{keymap.Bottom, keymap.Down}, "row-99", "row-90"},
		"bottom and up":      {[]keymap.ID{keymap.Bottom, keymap.Up}, "row-98", "row-90"},
		"bottom and top":     {[]keymap.ID{keymap.Bottom, keymap.Top}, "row-0", "row-0"},
		"mark goes on":       {[]keymap.ID{keymap.Mark}, "row-1", "row-0"},
		"no key of a table":  {[]keymap.ID{keymap.Quit}, "row-0", "row-0"},
		"sorting stays here": {[]keymap.ID{keymap.Down, keymap.Sort}, "row-1", "row-0"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			table, draw := tableOf(t, keyed(100))
			table.SetMarks(marked{})
			for _, id := range test.keys {
				if handled := table.Handle(id); handled == (id == keymap.Quit) {
					t.Errorf("Handle(%q) = %v", id, handled)
				}
			}
			lines := draw()
			if got := selected(t, table); got != test.want {
				t.Errorf("the cursor is on %q, want %q", got, test.want)
			}
			if got := strings.Trim(lines[1], " >*"); got != test.line {
				t.Errorf("the first row is %q, want %q", got, test.line)
			}
			if got := lines[table.CursorLine()]; !strings.HasPrefix(got, ">") || !strings.HasSuffix(got, test.want) {
				t.Errorf("the line of the cursor is %q", got)
			}
		})
	}
}

func TestTableFollowsTheObject(t *testing.T) {
	t.Parallel()
	rows := keyed(100)
	table, draw := tableOf(t, rows)
	table.Select("row-42")
	draw()
	line := table.CursorLine()

	reversed := slices.Clone(rows.keys)
	slices.Reverse(reversed)
	table.SetRows(&keyRows{keys: reversed})
	draw()
	if got := selected(t, table); got != "row-42" || table.CursorLine() != line {
		t.Errorf("after sorting the cursor is on %q in line %d, want row-42 in line %d", got, table.CursorLine(), line)
	}

	table.SetRows(&keyRows{keys: slices.Insert(slices.Clone(rows.keys), 0, "new-1", "new-2", "new-3")})
	draw()
	if got := selected(t, table); got != "row-42" || table.CursorLine() != line {
		t.Errorf("after new rows the cursor is on %q in line %d, want row-42 in line %d", got, table.CursorLine(), line)
	}

	table.SetRows(&keyRows{keys: slices.Delete(slices.Clone(rows.keys), 42, 43)})
	draw()
	if _, index, ok := table.Selected(); index != 45 || !ok {
		t.Errorf("after its row is gone the cursor is on index %d, want 45, where it was", index)
	}

	table.SetRows(nil)
	if key, index, ok := table.Selected(); ok || key != "" || index != 0 || table.CursorLine() != -1 {
		t.Errorf("without rows the cursor is on %q, %d, %v", key, index, ok)
	}
	marks := marked{}
	table.SetMarks(marks)
	table.Handle(keymap.Mark)
	if table.Select("row-1") || len(marks) > 0 {
		t.Error("a row is selected or marked where there is none")
	}
	if got := draw()[1]; !strings.Contains(got, "nothing to show") {
		t.Errorf("without rows the table shows %q", got)
	}
	if got := table.Footer(); got != "0 of 0" {
		t.Errorf("without rows the footer is %q", got)
	}
}

// indexedRows know where a key stands.
type indexedRows struct {
	keyRows
	asked int
}

func (r *indexedRows) Index(key string) int {
	r.asked++
	return slices.Index(r.keys, key)
}

func TestTableAsksIndex(t *testing.T) {
	t.Parallel()
	table, _ := tableOf(t, keyed(100))
	table.Select("row-42")
	rows := &indexedRows{keyRows: keyRows{keys: []string{"a", "row-42"}}}
	table.SetRows(rows)
	if _, index, _ := table.Selected(); index != 1 || rows.asked != 1 {
		t.Errorf("the cursor is on %d after %d questions", index, rows.asked)
	}
}

func TestTableDrawsVisibleRowsOnly(t *testing.T) {
	t.Parallel()
	rows := keyed(150_000)
	table, draw := tableOf(t, rows)
	table.Handle(keymap.Bottom)
	rows.drawn = 0
	draw()
	if rows.drawn != 10 {
		t.Errorf("%d rows were asked for, want the 10 visible", rows.drawn)
	}
}

// marked are marks that take no more than two.
type marked map[string]bool

func (m marked) Has(key string) bool { return m[key] }

func (m marked) Toggle(key string) bool {
	switch {
	case m[key]:
		delete(m, key)
	case len(m) > 2:
		return false
	default:
		m[key] = true
	}
	return true
}

func TestTableMarksAndFooter(t *testing.T) {
	t.Parallel()
	table, draw := tableOf(t, keyed(40))
	if table.Handle(keymap.Mark) {
		t.Error("a row is marked where none can be")
	}
	marks := marked{}
	table.SetMarks(marks)
	for range 3 {
		table.Handle(keymap.Mark)
	}
	table.Select("row-1")
	table.Handle(keymap.Mark)
	lines := draw()
	if diff := cmp.Diff(marked{"row-0": true, "row-2": true}, marks); diff != "" {
		t.Errorf("marks (-want +got):\n%s", diff)
	}
	if lines[1] != " * row-0" || lines[2] != "   row-1" || lines[3] != ">* row-2" {
		t.Errorf("the rows are %q", lines[1:4])
	}
	if got := table.Footer(); got != "1-10 of 40" {
		t.Errorf("the footer is %q", got)
	}
	table.Handle(keymap.Bottom)
	if got := table.Footer(); got != "31-40 of 40" {
		t.Errorf("the footer is %q", got)
	}
}

func TestTableSort(t *testing.T) {
	t.Parallel()
	table, draw := tableOf(t, keyed(3))
	var got []string
	for _, id := range []keymap.ID{keymap.Sort, keymap.Reverse, keymap.Sort, keymap.Sort} {
		table.Handle(id)
		column, descending := table.SortedBy()
		got = append(got, fmt.Sprintf("%s %v %s", column, descending, strings.Join(strings.Fields(draw()[0]), " ")))
	}
	want := []string{
		"name false NAME↑ WHAT SCORE",
		"name true NAME↓ WHAT SCORE",
		"score true NAME WHAT SCORE↓",
		"name false NAME↑ WHAT SCORE",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sorting (-want +got):\n%s", diff)
	}
}

func TestTableClick(t *testing.T) {
	t.Parallel()
	table, _ := tableOf(t, keyed(5))
	for line, want := range map[int]bool{0: false, 1: true, 5: true, 6: false, 11: false, -1: false} {
		if got := table.Click(line); got != want {
			t.Errorf("Click(%d) = %v, want %v", line, got, want)
		}
	}
	if table.Click(4); selected(t, table) != "row-3" {
		t.Errorf("after a click on line 4 the cursor is on %q", selected(t, table))
	}
}

// BenchmarkTable builds a whole frame of 50 rows of 10 cells in 200 columns.
func BenchmarkTable(b *testing.B) {
	s := stylesOf(b, style.Options{})
	for _, size := range [][2]int{{80, 24}, {200, 50}} {
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) {
			table := widget.NewTable(namespaceColumns())
			table.SetRows(namespaces(s, 150_000))
			b.ReportAllocs()
			for b.Loop() {
				table.Render(s, size[0], size[1])
			}
		})
	}
}

// BenchmarkFrame builds a table in a box beside another, under a header, as a
// screen does, and joins it.
func BenchmarkFrame(b *testing.B) {
	s := stylesOf(b, style.Options{})
	table := widget.NewTable(namespaceColumns())
	table.SetRows(namespaces(s, 150_000))
	b.ReportAllocs()
	for b.Loop() {
		_ = dashboard().Draw(s, widget.Rect{W: 200, H: 50}, func(name string, r widget.Rect) widget.Block {
			box := widget.Box{Title: name, Focus: name == "list"}
			if name != "list" {
				return box.Render(s, r.W, r.H, nil)
			}
			body := table.Render(s, r.W-2, r.H-2)
			box.Footer = table.Footer()
			return box.Render(s, r.W, r.H, body)
		}).String()
	}
}

//nolint:paralleltest // AllocsPerRun refuses to count among parallel tests.
func TestTableAllocations(t *testing.T) {
	s := stylesOf(t, style.Options{})
	table := widget.NewTable(namespaceColumns())
	table.SetRows(namespaces(s, 400))
	few, many := 0.0, 0.0
	few = testing.AllocsPerRun(20, func() { table.Render(s, 200, 6) })
	many = testing.AllocsPerRun(20, func() { table.Render(s, 200, 50) })
	t.Logf("%v allocations for 5 rows, %v for 49", few, many)
	// Each row of this table has three cells that are not ASCII, and cleaning
	// them allocates; the frame itself costs the same for any number of rows.
	perRow := (many - few) / 44
	if perRow > 8 {
		t.Errorf("%v allocations a row, want at most 8", perRow)
	}
}
