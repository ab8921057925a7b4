package screen

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// Search looks for a text in a long one: what a screen of text does as a Filterer. It
// has nothing to say against any text.
func Search(l *widget.Lines, text string) error {
	l.Seek(text)
	return nil
}

// Scroll does what a key means in a long text: it moves, or goes to the next place of
// what is looked for.
func Scroll(l *widget.Lines, id keymap.ID) tea.Cmd {
	by := map[keymap.ID]int{keymap.Next: 1, keymap.Previous: -1}[id]
	switch {
	case by == 0:
		l.Handle(id)
	case l.Sought() == "":
		return nav.Notice("nothing is looked for: / does")
	case !l.SeekOn(by):
		return nav.Notice(fmt.Sprintf("%q does not stand here", l.Sought()))
	}
	return nil
}
