package widget_test

import (
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/themes"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// grouped are three rows, of which the first stands for the others.
type grouped struct{}

func (grouped) Len() int         { return 3 }
func (grouped) Key(i int) string { return string(rune('a' + i)) }
func (grouped) Cells(i int, dst []widget.Cell) []widget.Cell {
	return append(dst, widget.Cell{Text: "cell " + string(rune('a'+i))})
}

func (grouped) Heading(i int) []widget.Cell {
	if i > 0 {
		return nil
	}
	return []widget.Cell{{Text: "+"}, {Text: "a head\x1b[2J that is longer than any column"}, {Text: "12"}}
}

func TestHeadings(t *testing.T) {
	t.Parallel()
	theme, err := (*themes.Library)(nil).Load(themes.Default)
	if err != nil {
		t.Fatal(err)
	}
	s := style.New(theme, style.Options{NoColor: true})
	table := widget.NewTable([]widget.Column{{ID: "x", Title: "X", Min: 4, Ideal: 6, Max: 6}, {ID: "y", Title: "Y", Min: 4, Ideal: 6, Max: 6}})
	table.SetRows(grouped{})
	if table.Moved() {
		t.Error("the cursor was moved before anybody did")
	}
	for _, width := range []int{3, 4, 10, 30, 80} {
		for _, line := range table.Render(s, width, 5) {
			if got := style.Width(line); got != width {
				t.Errorf("a line of a table of %d cells has %d: %q", width, got, line)
			}
			if strings.Contains(line, "\x1b[2J") {
				t.Errorf("an escape sequence is drawn: %q", line)
			}
		}
	}
	lines := table.Render(s, 80, 5)
	if !strings.Contains(lines[1], "that is longer than any column 12") {
		t.Errorf("the heading is %q", lines[1])
	}
	if !strings.Contains(lines[2], "cell b") {
		t.Errorf("the row below the heading is %q", lines[2])
	}
	if !table.Select("b") || !table.Moved() {
		t.Error("the row below the heading cannot be selected")
	}
	focused := table.RenderPane(s, widget.Box{Title: "T", Focus: true}, 40, 6).String()
	if blurred := table.RenderPane(s, widget.Box{Title: "T"}, 40, 6).String(); !strings.Contains(focused, ">") || strings.Contains(blurred, ">") {
		t.Errorf("only the pane with the focus has a cursor, but they are\n%s\n%s", focused, blurred)
	}
}
