// Package log is the screen of what was said while the program draws: the log of
// client-go, warnings of servers, what credential plugins wrote, notes of the program.
// The root tells in its header when something new is here.
package log

import (
	"fmt"
	"math"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/logbook"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// Screen is the log.
type Screen struct {
	frame     screen.Frame
	book      *logbook.Book
	table     *widget.Table
	filtering screen.Filtering
	all       int // how many lines there are, with those that are filtered out
	rows      rows
	refused   error // what is wrong with the filter of the address
}

// New returns the screen of a book, which may be nil.
func New(address nav.Address, book *logbook.Book) *Screen {
	s := &Screen{book: book, table: widget.NewTable([]widget.Column{
		{Title: "LAST", Min: 8, Ideal: 8, Max: 8, Priority: 8},
		{Title: "LEVEL", Min: 7, Ideal: 7, Max: 7, Priority: 9},
		{Title: "TIMES", Min: 5, Ideal: 5, Max: 7, Priority: 6, Align: style.Right},
		{Title: "SOURCE", Min: 8, Ideal: 14, Max: 24, Priority: 7},
		{Title: "TEXT", Min: 20, Ideal: 40, Max: widget.Unlimited, Priority: 10},
	})}
	s.refused = s.filtering.Set(screen.FilterOf(address), fields())
	return s
}

// fields are what the filter can ask for, in the order of line.Text.
func fields() []widget.Field {
	return []widget.Field{{Name: "level", Scale: logbook.Levels()}, {Name: "source"}, {Name: "text"}, {Name: "times", Number: true}}
}

// Address returns "log" with the filter.
func (s *Screen) Address() nav.Address {
	return screen.WithFilter(nav.Address{Screen: "log"}, s.filtering.Text())
}

// Title returns the screen's part of the path.
func (s *Screen) Title() string { return "Log" }

// Keys returns the scopes of the screen.
func (s *Screen) Keys() []keymap.Scope { return []keymap.Scope{keymap.Table} }

// Hints returns what the footer should say.
func (s *Screen) Hints() []keymap.ID {
	return []keymap.ID{keymap.Back, keymap.Filter, keymap.Copy, keymap.Help, keymap.Quit}
}

// Resize takes the size.
func (s *Screen) Resize(f screen.Frame) { s.frame = f }

// Show reads the book again. What it shows has been seen.
func (s *Screen) Show(*score.Assessment) {
	s.book.Seen()
	s.list()
}

func (s *Screen) list() {
	entries := s.book.Entries()
	s.all = len(entries)
	s.rows = rows{styles: s.frame.Styles}
	for _, e := range entries {
		if s.filtering.Match(line{e}) {
			s.rows.entries = append(s.rows.entries, e)
		}
	}
	s.table.Empty = "nothing was said so far"
	if s.all > 0 {
		s.table.Empty = "the filter lets nothing through"
	}
	s.table.SetRows(s.rows)
}

// Filter shows only the lines that the text lets through.
func (s *Screen) Filter(text string) error {
	if err := s.filtering.Set(text, fields()); err != nil {
		return err
	}
	s.refused = nil
	s.list()
	return nil
}

// FilterText returns the filter in force.
func (s *Screen) FilterText() string { return s.filtering.Text() }

// Act moves the cursor, or copies the line under it.
func (s *Screen) Act(id keymap.ID) tea.Cmd {
	if e, ok := s.selected(); ok && id == keymap.Copy {
		return nav.Copy(e.Text, "the line")
	}
	s.table.Handle(id)
	return nil
}

func (s *Screen) selected() (logbook.Entry, bool) {
	if _, i, ok := s.table.Selected(); ok {
		return s.rows.entries[i], true
	}
	return logbook.Entry{}, false
}

// lineHeight is the height of the box with the whole line, in lines.
const lineHeight = 6

// View draws the screen: the table, and the whole of the selected line.
func (s *Screen) View() []string {
	title := screen.FilterTitle("Log", len(s.rows.entries), s.all, s.filtering.Text()) + screen.Unfiltered(s.refused)
	b := screen.Below{Table: s.table, Title: style.Clean(title), BoxTitle: "This line", BoxHeight: lineHeight}
	if e, ok := s.selected(); ok {
		if e.Count > 1 {
			b.BoxTitle = fmt.Sprintf("This line, %d times since %s", e.Count, e.First.Format(time.TimeOnly))
		}
		b.Lines = func(width, _ int) []string { return s.frame.Styles.Text.Wrap(e.Text, width) }
	}
	return b.Draw(s.frame)
}

// CursorLine returns the line of the cursor.
func (s *Screen) CursorLine() int { return s.table.CursorBelow(0) }

// line is what a filter reads of an entry.
type line struct{ entry logbook.Entry }

// Text returns a field.
func (l line) Text(field int) string {
	return [...]string{l.entry.Level.String(), l.entry.Source, l.entry.Text, fmt.Sprint(l.entry.Count)}[field]
}

// Value returns a field as a number.
func (l line) Value(field int) float64 {
	switch fields()[field].Name {
	case "level":
		return float64(l.entry.Level)
	case "times":
		return float64(l.entry.Count)
	}
	return math.NaN()
}

type rows struct {
	styles  *style.Styles
	entries []logbook.Entry
}

// Len returns the number of lines.
func (r rows) Len() int { return len(r.entries) }

// Key returns what makes a line the same.
func (r rows) Key(i int) string {
	e := r.entries[i]
	return strings.Join([]string{e.Level.String(), e.Source, e.Text}, "\x00")
}

// Cells appends the cells of a line.
func (r rows) Cells(i int, dst []widget.Cell) []widget.Cell {
	e, s := r.entries[i], r.styles
	look := s.Muted
	switch e.Level {
	case logbook.Warning:
		look = s.Warn
	case logbook.Error:
		look = s.Error
	default: // nothing to look at
	}
	times := ""
	if e.Count > 1 {
		times = fmt.Sprint(e.Count)
	}
	return append(dst, widget.Cell{Text: e.Last.Format(time.TimeOnly), Style: s.Muted}, widget.Cell{Text: e.Level.String(), Style: look},
		widget.Cell{Text: times, Style: s.Muted}, widget.Cell{Text: e.Source, Style: s.Muted}, widget.Cell{Text: e.Text, Style: s.Text})
}

// Click returns the table.
func (s *Screen) Click(_, _ int) *widget.Table { return s.table }
