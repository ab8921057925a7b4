package screen

import (
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// Below is what most screens with a table are: the table and, in a box below it, more
// about the selected row. In a place too low for both there is the table alone.
type Below struct {
	Table *widget.Table
	Title string // of the table
	// BoxTitle is the title of the box: what its lines are about.
	BoxTitle string
	// BoxHeight is the height of the box with its frame, in lines; 0 lets it grow with
	// the table, by two lines to three.
	BoxHeight int
	// Lines returns what stands in the box, in lines of at most a width; more than a
	// height are not seen. It is nil for an empty box.
	Lines func(width, height int) []string
}

// The least heights of the table and of a box that grows, with their frames, in lines.
const (
	tableLeast = 5
	boxLeast   = 6
)

// Draw draws both into the frame.
func (b Below) Draw(f Frame) []string {
	table := widget.Pane{Name: "table", Min: tableLeast, Priority: 2}
	box := widget.Pane{Name: "box", Fixed: b.BoxHeight, Priority: 1}
	if b.BoxHeight == 0 {
		table.Weight, box.Weight, box.Min = 3, 2, boxLeast
	}
	tree := widget.Pane{Direction: widget.Stack, Panes: []widget.Pane{table, box}}
	return tree.Draw(f.Styles, widget.Rect{W: f.Width, H: f.Height}, func(name string, r widget.Rect) widget.Block {
		if name == table.Name {
			return b.Table.In(r).RenderBox(f.Styles, b.Title, r.W, r.H)
		}
		if b.Lines == nil {
			b.Lines = func(int, int) []string { return nil }
		}
		return widget.Box{Padding: 1, Title: b.BoxTitle}.RenderLines(f.Styles, r.W, r.H, b.Lines)
	})
}
