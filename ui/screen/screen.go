// Package screen is what every screen has in common: what it is given and what
// it must be able to do. Each screen is a package below this one.
//
// # Design
//
// A screen shows one thing: it holds a cursor, a filter and an order, and draws
// the newest assessment into a rectangle. It has no clock, no client and no
// disk, never waits, and never knows another screen: it asks the root to open
// an address (package nav). The root looks keys up and hands a screen the ID of
// what they mean, so that a screen names no key.
//
// What takes longer than a frame (sorting or filtering many rows, scoring again)
// is a [Work]: the screen says that it wants it, the root has it done by a [Crew]
// in a command, and the answer comes as a message. Until then the screen goes on
// with what it has. A key that makes the answer worthless restarts the work; news
// of the cluster wait for the answer, so that a cluster which never rests cannot
// keep the rows from coming. Whatever concerns only a few rows is done at once.
//
// What the server would say of changes is asked for in this way, too ([DryRun]), with the
// client of who started the program, and only when the user wants to know.
//
// What the user has marked is of all screens ([Marks]). A screen that shows findings is
// given the marks when it is made, and what clearing them would bring is the root's.
//
// How scores went, and what came and went, is asked of [Trends], which is the feed's.
//
// What can be looked at, and what is known of it, is of the whole session ([Places]): the
// screen that lists it is dropped with the others when the root turns to another source.
//
// What several screens say or ask is here as well: how an attack path is told
// (story.go) and where one begins (start.go), what a finding is called (key.go).
//
// Most screens with a table have a box below it about the selected row ([Below]).
//
// Every screen with a table can be filtered in one grammar ([Filterer], widget.Filter)
// and sorted by any column ([Tabled]). One with few rows embeds a [Listing], and has both.
// What else can be typed on a screen is a question, which has a key of its own ([Asker]).
//
// To add a screen, write a package here and a line in ui/routes.go.
package screen

import (
	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// Frame is what a screen draws with and into.
type Frame struct {
	Styles *style.Styles
	Width  int // cells
	Height int // lines
}

// Screen is one page of the program.
type Screen interface {
	// Address is where the screen is, with all that is needed to come back to it.
	Address() nav.Address
	// Title is its part of the path shown at the top.
	Title() string
	// Keys are the scopes whose keys it knows, the innermost first.
	Keys() []keymap.Scope
	// Hints are the bindings worth a word in the footer, best first.
	Hints() []keymap.ID
	// Show gives it the newest assessment, which is never nil. It is called
	// before anything else, and whenever there is a newer one.
	Show(a *score.Assessment)
	// Resize gives it its size. It is called before Act and View.
	Resize(f Frame)
	// Act does what a key means; nil for what it does not know.
	Act(id keymap.ID) tea.Cmd
	// View draws it: at most as many lines as the frame has, each of at most
	// its width.
	View() []string
	// CursorLine returns the line of the view that the cursor is on, for
	// terminals that read it aloud; -1 for none. It is asked after View.
	CursorLine() int
}

// Reader is a screen that tells of the reading of the cluster itself.
type Reader interface {
	Screen
	// Read gives it the newest view, which is never nil and may be newer than
	// the one of the assessment. It is called before Show.
	Read(c *kube.Cluster)
}

// Tabled is a screen with a table whose order and columns the user chooses.
type Tabled interface {
	Screen
	// Table returns the table that the keys are for, nil if there is none now.
	Table() *widget.Table
	// Arrange sorts the rows anew, by what the table says.
	Arrange()
}

// Filterer is a screen whose rows can be filtered.
type Filterer interface {
	Screen
	// Filter shows only the rows that the text lets through, "" for all. The
	// error says what is wrong with the text; the rows stay as they were then.
	Filter(text string) error
	// FilterText returns the filter in force.
	FilterText() string
}

// Asker is a screen that answers a question which the user types: who can do something,
// which way leads to a score.
type Asker interface {
	Screen
	// Asks is what stands before the question where it is typed, as in "who can".
	Asks() string
	// Ask asks another question, "" for the one that is asked at first. The error says what
	// is wrong with it; the screen stays with the one before then.
	Ask(question string) error
	// Question returns what is asked, "" for what is asked at first.
	Question() string
}

// Clicker is a screen that the mouse finds more on than one table ([Tabled]).
type Clicker interface {
	Screen
	// Click turns to the pane at a cell of the screen, and returns the table in it, nil
	// for none.
	Click(x, y int) *widget.Table
}

// Touchable is a screen on which the mouse finds more than tables: the names of its
// views, the cells of a grid.
type Touchable interface {
	Screen
	// Touch turns to what lies at a cell of the screen and returns what a click there
	// means beyond that, "" for nothing; false if nothing of that kind lies there.
	Touch(x, y int) (means keymap.ID, there bool)
}

// Wheeler is a screen with texts that scroll without having the focus.
type Wheeler interface {
	Screen
	// Wheel scrolls the text at a cell of the screen by so many lines, towards its end if
	// positive, and reports whether there is one.
	Wheel(x, y, lines int) bool
}
