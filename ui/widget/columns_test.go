package widget_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// TestSolveColumnsEveryWidth holds the solver to its promises at every width
// that a screen is likely to have.
func TestSolveColumnsEveryWidth(t *testing.T) {
	t.Parallel()
	columns := namespaceColumns()
	before := make([]int, len(columns))
	for width := 20; width <= 300; width++ {
		widths := widget.SolveColumns(columns, width)
		used, shown, droppedPriority := -1, 0, -1
		for i, got := range widths {
			if got == 0 {
				droppedPriority = max(droppedPriority, columns[i].Priority)
				if before[i] > 0 {
					t.Errorf("width %d: column %q is gone, which a narrower line had", width, columns[i].Title)
				}
				continue
			}
			used += got + 1
			shown++
			if got < columns[i].Min || got > max(columns[i].Min, columns[i].Ideal, columns[i].Max) {
				t.Errorf("width %d: column %q has %d cells, want %d to %d", width, columns[i].Title, got, columns[i].Min, columns[i].Max)
			}
		}
		for i, got := range widths {
			if got > 0 && columns[i].Priority < droppedPriority {
				t.Errorf("width %d: column %q stays before one of priority %d", width, columns[i].Title, droppedPriority)
			}
		}
		if shown == 0 || used != width {
			t.Errorf("width %d: %d columns take %d cells: %v", width, shown, used, widths)
		}
		before = widths
	}
	if diff := cmp.Diff(len(columns), countShown(before)); diff != "" {
		t.Errorf("not all columns are shown at width 300 (-want +got):\n%s", diff)
	}
}

func countShown(widths []int) int {
	shown := 0
	for _, width := range widths {
		if width > 0 {
			shown++
		}
	}
	return shown
}

func TestSolveColumns(t *testing.T) {
	t.Parallel()
	a := widget.Column{Min: 4, Ideal: 6, Max: 8, Priority: 2}
	b := widget.Column{Min: 3, Ideal: 5, Max: widget.Unlimited, Priority: 1}
	fixed := widget.Column{Min: 3, Priority: 3}
	tests := map[string]struct {
		columns []widget.Column
		width   int
		want    []int
	}{
		"nothing":                {nil, 20, []int{}},
		"no room":                {[]widget.Column{a}, 0, []int{0}},
		"less than least":        {[]widget.Column{b, a}, 2, []int{0, 2}},
		"only the important":     {[]widget.Column{b, a}, 7, []int{0, 7}},
		"both at least":          {[]widget.Column{b, a}, 8, []int{3, 4}},
		"important grows first":  {[]widget.Column{b, a}, 10, []int{3, 6}},
		"both ideal":             {[]widget.Column{b, a}, 12, []int{5, 6}},
		"rest is shared":         {[]widget.Column{b, a}, 15, []int{6, 8}},
		"rest goes to unlimited": {[]widget.Column{b, a}, 30, []int{21, 8}},
		"fixed does not grow":    {[]widget.Column{fixed, a}, 30, []int{3, 8}},
		"equal priority":         {[]widget.Column{{Min: 3}, {Min: 3}, {Min: 3}}, 8, []int{3, 3, 0}},
		"no least":               {[]widget.Column{{}, {}}, 3, []int{1, 1}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, widget.SolveColumns(test.columns, test.width)); diff != "" {
				t.Errorf("widths (-want +got):\n%s", diff)
			}
		})
	}
}
