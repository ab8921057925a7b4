package screen

import (
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// TabLine is the line of the views of a screen ([Tabs]) as it was last drawn, for the
// mouse. The zero value is one that was not drawn.
type TabLine struct {
	place widget.Rect
	names []string
}

// Render draws the names of views into a place.
func (t *TabLine) Render(s *style.Styles, names []string, at int, r widget.Rect) widget.Block {
	t.place, t.names = r, names
	return widget.NewBlock(s, []string{Tabs(s, names, at, r.W)}, r.W, r.H)
}

// At returns which of the views has its name at a cell of the screen, false for none.
func (t *TabLine) At(x, y int) (view int, there bool) {
	if !t.place.Contains(x, y) {
		return 0, false
	}
	right := t.place.X
	for i, name := range t.names {
		if right += style.Width(name) + len("[]"); x < right {
			return i, true
		}
	}
	return 0, false
}
