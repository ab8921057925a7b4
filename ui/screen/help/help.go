// Package help is the screen that says what the keys do and how filters and
// commands are written. It is made from the registry of keys: nothing here can
// be out of date.
package help

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// Screen is the help.
type Screen struct {
	frame   screen.Frame
	address nav.Address
	lines   widget.Lines
}

// New returns the help.
func New(address nav.Address, keys *keymap.Map) *Screen {
	s := &Screen{address: address}
	s.lines.SetContent(func(st *style.Styles, width int) []string { return content(st, keys, width) })
	return s
}

// Address returns "help".
func (s *Screen) Address() nav.Address { return s.address }

// Title returns the screen's part of the path.
func (s *Screen) Title() string { return "Help" }

// Keys returns the scopes of the screen.
func (s *Screen) Keys() []keymap.Scope { return []keymap.Scope{keymap.Table} }

// Hints returns what the footer should say.
func (s *Screen) Hints() []keymap.ID {
	return []keymap.ID{keymap.Back, keymap.PageDown, keymap.PageUp, keymap.Quit}
}

// Resize takes the size.
func (s *Screen) Resize(f screen.Frame) { s.frame = f }

// Show needs nothing of an assessment.
func (s *Screen) Show(*score.Assessment) {}

// Act scrolls.
func (s *Screen) Act(id keymap.ID) tea.Cmd {
	s.lines.Handle(id)
	return nil
}

// View draws the screen.
func (s *Screen) View() []string {
	st, f := s.frame.Styles, s.frame
	box := widget.Box{Focus: true, Padding: 1, Title: "Help"}
	w, h := box.Inner(f.Width, f.Height)
	body := s.lines.Render(st, w, h)
	box.Footer = s.lines.Footer()
	return box.Render(st, f.Width, f.Height, body)
}

// CursorLine returns the first line of the text.
func (s *Screen) CursorLine() int { return 1 }

// content are the lines of the help.
func content(st *style.Styles, keys *keymap.Map, width int) []string {
	var lines []string
	heading := func(text string) { lines = append(lines, st.Title.Render(text)) }
	for _, group := range keys.Groups() {
		heading(group.Title)
		for _, b := range group.Bindings {
			lines = append(lines, "  "+st.Key.Render(style.PadRight(b.Labels(), 18))+" "+st.Text.Render(b.Help))
		}
		lines = append(lines, "")
	}
	for _, section := range []struct{ title, text string }{
		{"Filters (/)", `word            in any column, whatever the case
"two words"     exactly this
a|b             one of the two
!word           not this
rule:probe      the column has the word; rule=x: is the word
sev>=high       at least that bad; also < <= > = !=
score<60        numbers the same way`},
		{"Addresses (:)", `overview        the cluster and its namespaces
ns/payments     one namespace
findings        all findings; findings?filter=sev>=high
coverage        what could be read and what could not
help            this text`},
		{"Signs", `C ✖ critical    H ▲ high    M ■ medium    L ○ low    I · info
grade?          less than 80 % of the checks could be made
implied         follows from another finding, and costs nothing`},
	} {
		heading(section.title)
		for line := range strings.SplitSeq(section.text, "\n") {
			lines = append(lines, "  "+st.Text.Render(style.Truncate(line, width-2, st.Glyphs.Ellipsis)))
		}
		lines = append(lines, "")
	}
	return lines
}
