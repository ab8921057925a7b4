package rbac

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// column is a column of a view: how it is drawn, and what a filter makes of it.
type column struct {
	widget.Column
	field widget.Field
}

// text is a column of words.
func text(id, title string, least, ideal, most, priority int) column {
	return column{
		widget.Column{ID: id, Title: title, Min: least, Ideal: ideal, Max: most, Priority: priority},
		widget.Field{Name: id},
	}
}

// number is a column of numbers.
func number(id, title string, width, priority int) column {
	return column{
		widget.Column{ID: id, Title: title, Min: width, Ideal: width, Max: width, Priority: priority, Align: style.Right, Falling: true},
		widget.Field{Name: id, Number: true},
	}
}

func drawn(columns []column) []widget.Column {
	list := make([]widget.Column, len(columns))
	for i, c := range columns {
		list[i] = c.Column
	}
	return list
}

// fields are what a filter can ask for: the columns and, where one of them names
// subjects, the words that a subject begins with, so that "sa:ci" is a filter.
func fields(columns []column) []widget.Field {
	list := make([]widget.Field, len(columns))
	for i, c := range columns {
		list[i] = c.field
	}
	if subjectColumn(columns) < 0 {
		return list
	}
	for _, word := range subjectWords() {
		list = append(list, widget.Field{Name: word})
	}
	return list
}

func subjectWords() []string { return []string{"sa", "user", "group"} }

// subjectColumn returns which column names subjects, -1 for none.
func subjectColumn(columns []column) int {
	return slices.IndexFunc(columns, func(c column) bool { return c.ID == "subject" || c.ID == "start" })
}

// filterRow is a row as a filter sees it: its cells, and whose it is.
type filterRow struct {
	cells   []cell
	subject int // which cell names a subject, -1 for none
}

// Text returns what a field shows.
func (r filterRow) Text(field int) string {
	if field < len(r.cells) {
		return r.cells[field].text
	}
	name, _ := strings.CutPrefix(r.cells[r.subject].text, subjectWords()[field-len(r.cells)]+":")
	if name == r.cells[r.subject].text {
		return ""
	}
	return name
}

// Value returns the number or rank of a field.
func (r filterRow) Value(field int) float64 {
	if field < len(r.cells) {
		return r.cells[field].value
	}
	return math.NaN()
}

// tone is what a cell looks like. It never says what the text does not.
type tone uint8

const (
	plain tone = iota
	muted
	good
	warning
	bad
	lowTone // and the other severities
	mediumTone
	highTone
	criticalTone
)

// of returns the style of a tone.
func (t tone) of(s *style.Styles) style.Style {
	switch t {
	case plain:
		return s.Text
	case good:
		return s.OK
	case warning:
		return s.Warn
	case bad:
		return s.Error
	case lowTone, mediumTone, highTone, criticalTone:
		return s.Severity(style.Low + style.Severity(t-lowTone))
	case muted:
	}
	return s.Muted
}

// cell is one cell of a sheet. Value is what a column of numbers is compared by, NaN
// for none.
type cell struct {
	text  string
	value float64
	tone  tone
	mark  bool // text is the name of a severity, which is drawn as its mark
}

func word(text string, tone tone) cell { return cell{text: text, value: math.NaN(), tone: tone} }

// counted is a cell with a number.
func counted(n int, tone tone) cell {
	return cell{text: strconv.Itoa(n), value: float64(n), tone: tone}
}

// row is one row of a sheet.
type row struct {
	key   string
	cells []cell
	// open and paths are where the keys for it lead, the zero value for nowhere.
	open, paths nav.Address
	about       about
}

// sheet is the rows of a view, before they are filtered and sorted. It never
// changes.
type sheet struct {
	in    inputs
	title string
	rows  []row
	notes []string // what is to be said below the table
	facts []string // what a view tells beside its rows
	aside string   // what is said at the edge of the question, or above the facts
	empty string   // why there is no row
	wrong error    // what is wrong with the question
}
