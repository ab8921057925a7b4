// Package themes is the screen on which a theme is picked. The whole program is drawn in
// the theme under the cursor, so that a person sees what it is like; Enter keeps it, and
// whatever else leaves the screen brings the theme before back.
//
// The screen knows no theme: who opens it brings names, samples drawn in each theme, and
// does what its messages ask for.
package themes

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// Choice is a theme that can be picked.
type Choice struct {
	Name, Title string
	Ground      string        // what it is made for: dark, light or auto
	Own         bool          // it is a file of the user
	Styles      *style.Styles // it draws a sample of itself
	Problem     error         // why it cannot be had, nil if it can
}

// PreviewMsg asks for the whole program in a theme, as long as the screen is there.
type PreviewMsg struct{ Name string }

// KeepMsg asks for a theme to stay, and for the screen to be left.
type KeepMsg struct{ Name string }

// Screen is the list of themes.
type Screen struct {
	address nav.Address
	frame   screen.Frame
	choices []Choice
	table   *widget.Table
	tried   string // the theme under the cursor, as the root was told
}

// New returns the screen at "themes", with the cursor on the theme in force.
func New(address nav.Address, choices []Choice, inForce string) *Screen {
	columns := []widget.Column{{Title: "THEME", Min: 12, Ideal: 20, Max: 24, Priority: 10}, {Title: "GROUND", Min: 6, Ideal: 12, Max: 12, Priority: 8}}
	for range style.SeverityCount {
		columns = append(columns, widget.Column{Min: sampleWidth, Ideal: sampleWidth, Max: sampleWidth, Priority: 7})
	}
	columns = append(columns, widget.Column{Title: "TITLE", Min: 16, Ideal: 40, Max: widget.Unlimited, Priority: 6})
	s := &Screen{address: address, choices: choices, table: widget.NewTable(columns), tried: inForce}
	s.table.SetRows(rows{choices, nil})
	s.table.Select(inForce)
	return s
}

// sampleWidth is the width of the sample of a severity, in cells.
const sampleWidth = 5

// Address returns "themes".
func (s *Screen) Address() nav.Address { return s.address }

// Title returns the screen's part of the path.
func (s *Screen) Title() string { return "Themes" }

// Keys returns the scopes of the screen.
func (s *Screen) Keys() []keymap.Scope { return []keymap.Scope{keymap.Table} }

// Hints returns what the footer should say.
func (s *Screen) Hints() []keymap.ID {
	return []keymap.ID{keymap.Open, keymap.Back, keymap.Help, keymap.Quit}
}

// Resize takes the size.
func (s *Screen) Resize(f screen.Frame) {
	s.frame = f
	s.table.SetRows(rows{s.choices, f.Styles})
}

// Show needs nothing of an assessment.
func (s *Screen) Show(*score.Assessment) {}

// Act moves the cursor, and tells of the theme that it is on; or keeps that.
func (s *Screen) Act(id keymap.ID) tea.Cmd {
	_, i, ok := s.table.Selected()
	if ok && id == keymap.Open {
		if problem := s.choices[i].Problem; problem != nil {
			return nav.Fail(problem)
		}
		return func() tea.Msg { return KeepMsg{s.choices[i].Name} }
	}
	s.table.Handle(id)
	_, i, ok = s.table.Selected()
	if !ok || s.choices[i].Name == s.tried || s.choices[i].Problem != nil {
		return nil
	}
	s.tried = s.choices[i].Name
	preview := PreviewMsg{s.tried}
	return func() tea.Msg { return preview }
}

// sampleHeight is the height of the box with the sample, in lines.
const sampleHeight = 8

// View draws the themes, and a sample in the one that is tried on.
func (s *Screen) View() []string {
	return screen.Below{
		Table: s.table, Title: "Themes: tried on under the cursor; enter keeps one", BoxTitle: "A sample", BoxHeight: sampleHeight,
		Lines: func(width, _ int) []string { return sample(s.frame.Styles, width) },
	}.Draw(s.frame)
}

// sample are lines that have what a theme is mostly about.
func sample(st *style.Styles, width int) []string {
	var severities, grades string
	for severity := style.Critical; severity >= style.Info; severity-- {
		severities += st.Severity(severity).Render(st.SeverityMark(severity)+" "+severity.String()) + "  "
	}
	for i, grade := range []string{"F", "D", "C", "B", "A"} {
		value := 55 + 10*float64(i)
		look := st.Score(value)
		grades += look.Render(fmt.Sprintf("%.0f %s %s", value, grade, st.GradeMark(grade))) + "  "
	}
	selected := style.Fit(st.Glyphs.Cursor+"  payments  57.2 F  the row under the cursor", max(width/2, 30), style.Left, st.Glyphs.Ellipsis)
	return []string{
		st.Text.Render("Running text, ") + st.Muted.Render("what matters less, ") + st.Accent.Render("what should be noticed, ") +
			st.Match.Render("a match") + st.Text.Render(", ") + st.Key.Render("enter open"),
		severities,
		grades,
		st.Selection.Render(selected),
		st.DiffHunk.Render("@@ -1 +1 @@ ") + st.DiffRemove.Render("- privileged: true ") + st.DiffAdd.Render("+ privileged: false"),
		st.OK.Render(st.Glyphs.Tick+" passed  ") + st.Warn.Render("3 kinds not readable  ") + st.Error.Render("connection lost"),
	}
}

// CursorLine returns the line of the cursor.
func (s *Screen) CursorLine() int { return s.table.CursorBelow(0) }

type rows struct {
	choices []Choice
	styles  *style.Styles
}

// Len returns the number of themes.
func (r rows) Len() int { return len(r.choices) }

// Key returns the name of a theme.
func (r rows) Key(i int) string { return r.choices[i].Name }

// Cells appends the cells of a theme: its severities are drawn in itself.
func (r rows) Cells(i int, dst []widget.Cell) []widget.Cell {
	c, s := &r.choices[i], r.styles
	ground, title, look := c.Ground, c.Title, s.Muted
	if c.Own {
		ground += ", yours"
	}
	if c.Problem != nil {
		ground, title, look = "broken", c.Problem.Error(), s.Error
	}
	dst = append(dst, widget.Cell{Text: c.Name, Style: s.Text}, widget.Cell{Text: ground, Style: s.Muted})
	for severity := style.Critical; severity >= style.Info; severity-- {
		cell := widget.Cell{Text: style.Blanks(sampleWidth)}
		if c.Problem == nil {
			cell = widget.Cell{Text: " " + c.Styles.SeverityMark(severity) + " ", Style: c.Styles.Severity(severity)}
		}
		dst = append(dst, cell)
	}
	return append(dst, widget.Cell{Text: title, Style: look})
}

// Click returns the table.
func (s *Screen) Click(_, _ int) *widget.Table { return s.table }
