package widget_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

func laidOut() *widget.Table {
	column := func(id string, wide, unsorted bool) widget.Column {
		return widget.Column{ID: id, Title: strings.ToUpper(id), Min: 4, Ideal: 4, Max: 4, Priority: 5, Wide: wide, Unsorted: unsorted, Falling: id == "c"}
	}
	return widget.NewTable([]widget.Column{column("a", false, false), column("b", true, false), column("c", false, false), column("d", false, true)})
}

// titles are the titles that are seen in a width.
func titles(t *testing.T, table *widget.Table, width int) string {
	t.Helper()
	return strings.Join(strings.Fields(ansi.Strip(table.Render(stylesOf(t, style.Options{}), width, 2)[0])), " ")
}

func TestLayout(t *testing.T) {
	t.Parallel()
	table := laidOut()
	for _, tt := range []struct {
		layout widget.Layout
		wide   bool
		want   string
	}{
		{nil, false, "A C D"},
		{nil, true, "A B C D"},
		{widget.Layout{{ID: "c", Shown: true}, {ID: "a", Shown: true}}, false, "C D A"},
		{widget.Layout{{ID: "c", Shown: true}, {ID: "gone", Shown: true}, {ID: "a"}, {ID: "c", Shown: true}}, false, "C D"},
		{widget.Layout{{ID: "b", Shown: true}}, false, "A B C D"},
		{widget.Layout{{ID: "a"}, {ID: "b"}, {ID: "c"}, {ID: "d"}}, false, "A B C D"}, // not nothing
	} {
		table.SetLayout(tt.layout)
		table.SetWide(tt.wide)
		if diff := cmp.Diff(tt.want, titles(t, table, 80)); diff != "" {
			t.Errorf("%v (-want +got):\n%s", tt.layout, diff)
		}
	}
	table.SetLayout(nil)
	titles(t, table, 13)
	if fitting, all := table.Room(); fitting != 2 || all != 3 {
		t.Errorf("%d of %d columns fit into 13 cells, want 2 of 3", fitting, all)
	}
	if diff := cmp.Diff(widget.Layout{{ID: "a", Shown: true}, {ID: "b"}, {ID: "c", Shown: true}, {ID: "d", Shown: true}}, table.Placing()); diff != "" {
		t.Errorf("as at first (-want +got):\n%s", diff)
	}
}

func TestOrderBy(t *testing.T) {
	t.Parallel()
	table := laidOut()
	table.SortBy("a", false)
	for _, tt := range []struct{ text, id, wrong string }{
		{"c", "c true", ""},
		{"C ASC", "c false", ""},
		{"a desc", "a true", ""},
		{"b", "b false", ""},
		{"d", "", "cannot be sorted by"},
		{"x", "", "there are: a, b, c"},
		{"a up", "", "an order is"},
		{"", "", "an order is"},
		{"a asc desc", "", "an order is"},
	} {
		err := table.OrderBy(tt.text)
		if (err == nil) != (tt.wrong == "") || err != nil && !strings.Contains(err.Error(), tt.wrong) {
			t.Errorf("order %q: %v, want %q", tt.text, err, tt.wrong)
		}
		id, descending := table.SortedBy()
		if got := id + map[bool]string{true: " true", false: " false"}[descending]; err == nil && got != tt.id {
			t.Errorf("order %q sorts by %s, want %s", tt.text, got, tt.id)
		}
	}
	table.SetWide(false)
	table.SortBy("a", false)
	var went []string
	for range 3 { // neither the one that is not seen nor the one that does not sort
		table.Handle(keymap.Sort)
		id, _ := table.SortedBy()
		went = append(went, id)
	}
	if diff := cmp.Diff([]string{"c", "a", "c"}, went); diff != "" || !table.Reordered() {
		t.Errorf("the sort key goes to (-want +got):\n%s", diff)
	}
	late := widget.NewTable(nil)
	if err := late.OrderBy("x"); err != nil {
		t.Errorf("before there are columns: %v", err)
	}
	late.SetColumns(laidOut().Columns())
	if late.Refused() == nil || late.Refused() != nil {
		t.Error("what is wrong with an order that had to wait is to be said once")
	}
}

func TestCursorReturns(t *testing.T) {
	t.Parallel()
	table := laidOut()
	table.SetRows(bareRows{"k", "l", "m", "n"})
	table.Render(stylesOf(t, style.Options{NoColor: true}), 40, 3)
	table.Select("m")
	stood := table.Cursor()
	table.SetRows(bareRows{"x"})
	table.Return(stood)
	if key, _, _ := table.Selected(); key != "x" || table.Cursor() != stood {
		t.Errorf("the cursor is on %q until its row comes", key)
	}
	table.SetRows(bareRows{"a", "b", "m", "n"})
	if key, _, _ := table.Selected(); key != "m" {
		t.Errorf("the cursor is on %q, and its row has come", key)
	}
	table.Return(stood)
	table.SetRows(bareRows{"x", "y"})
	table.Return(stood)
	table.Move(1)
	table.SetRows(bareRows{"x", "y", "m"})
	if key, _, _ := table.Selected(); key != "y" {
		t.Errorf("the cursor is on %q, though the user has moved it", key)
	}
	table.Return(widget.Cursor{})
	if key, _, _ := table.Selected(); key != "x" || table.Cursor() != (widget.Cursor{}) {
		t.Errorf("the cursor is on %q, and nobody had moved it", key)
	}
}

// bareRows are rows of which only the keys are known.
type bareRows []string

func (r bareRows) Len() int                                     { return len(r) }
func (r bareRows) Key(i int) string                             { return r[i] }
func (r bareRows) Cells(_ int, dst []widget.Cell) []widget.Cell { return dst }

func TestSeek(t *testing.T) {
	t.Parallel()
	s := stylesOf(t, style.Options{NoColor: true})
	var lines widget.Lines
	lines.SetContent(func(s *style.Styles, _ int) []string {
		var text []string
		for line := range strings.SplitSeq("one Two three four two five six seven two", " ") {
			text = append(text, s.Text.Render(line)+s.Muted.Render(" more"))
		}
		return text
	})
	lines.Render(s, 20, 3)
	lines.Seek("TWO")
	var stood []int
	for _, by := range []int{0, 1, 1, 1, -1} {
		if by != 0 && !lines.SeekOn(by) {
			t.Error("there is no other match")
		}
		at, count := lines.Found()
		if count != 3 {
			t.Errorf("%d lines have it, want 3", count)
		}
		stood = append(stood, at)
	}
	if diff := cmp.Diff([]int{1, 2, 3, 1, 3}, stood); diff != "" {
		t.Errorf("matches (-want +got):\n%s", diff)
	}
	if block := lines.Render(s, 20, 3).String(); !strings.Contains(block, "two") {
		t.Errorf("the match is not in sight:\n%s", block)
	}
	lines.Seek("nowhere")
	if lines.SeekOn(1) || lines.Sought() != "nowhere" {
		t.Error("something was found that is not there")
	}
	if lines.Seek(""); lines.SeekOn(1) || lines.Sought() != "" {
		t.Error("nothing is looked for, and it goes on")
	}
}
