package keymap

import (
	"fmt"
	"slices"
)

// The bindings. What each does is said by its Help in the list below.
const (
	Up         ID = "up"
	Down       ID = "down"
	PageUp     ID = "page-up"
	PageDown   ID = "page-down"
	HalfUp     ID = "half-page-up"
	HalfDown   ID = "half-page-down"
	Top        ID = "top"
	Bottom     ID = "bottom"
	Mark       ID = "mark"
	Sort       ID = "sort"
	Reverse    ID = "reverse-sort"
	Wide       ID = "wide"
	Open       ID = "open"
	Back       ID = "back"
	Last       ID = "last-view"
	Earlier    ID = "history-back"
	Later      ID = "history-forward"
	NextFocus  ID = "next-pane"
	PrevFocus  ID = "previous-pane"
	Filter     ID = "filter"
	Ask        ID = "ask"
	Command    ID = "command"
	Palette    ID = "palette"
	Columns    ID = "columns"
	ColumnUp   ID = "column-up"
	ColumnDown ID = "column-down"
	Next       ID = "next"
	Previous   ID = "previous"
	Copy       ID = "copy"
	DryRun     ID = "dry-run"
	Paths      ID = "paths"
	Expand     ID = "expand-groups"
	WhoCan     ID = "who-can"
	Subjects   ID = "subjects"
	Escalation ID = "escalation"
	Wildcards  ID = "wildcards"
	Stale      ID = "stale"
	Aggregated ID = "aggregated"
	NextFix    ID = "next-fix"
	MarkAll    ID = "mark-all"
	Unmark     ID = "unmark-all"
	Plan       ID = "plan"
	Workload   ID = "workload"
	Preview    ID = "preview"
	GroupBy    ID = "group-by"
	FoldGroup  ID = "fold-group"
	FoldGroups ID = "fold-groups"
	Sides      ID = "side-by-side"
	Held       ID = "take-held"
	Fastest    ID = "fastest-way"
	Higher     ID = "higher-score"
	Lower      ID = "lower-score"
	Sparing    ID = "sparing"
	AsPatch    ID = "write-patch"
	AsScript   ID = "write-kubectl"
	AsOverlay  ID = "write-kustomize"
	Themes     ID = "themes"
	Object     ID = "object"
	Events     ID = "events"
	Logs       ID = "logs"
	HeatMap    ID = "heat-map"
	CellLeft   ID = "cell-left"
	CellRight  ID = "cell-right"
	PickBefore ID = "pick-before"
	PickAfter  ID = "pick-after"
	ShownKinds ID = "shown-kinds"
	SaveMoment ID = "save-snapshot"
	AsReport   ID = "write-comparison"
	Contexts   ID = "contexts"
	Mouse      ID = "mouse"
	Refresh    ID = "refresh"
	Suspend    ID = "suspend"
	Login      ID = "login"
	Help       ID = "help"
	Quit       ID = "quit"
	Accept     ID = "prompt-accept"
	Cancel     ID = "prompt-cancel"
	Complete   ID = "prompt-complete"
	OlderInput ID = "prompt-older"
	NewerInput ID = "prompt-newer"
	CursorLeft ID = "prompt-left"
	CursorEnd  ID = "prompt-end"
	CursorHome ID = "prompt-home"
	CursorNext ID = "prompt-right"
	EraseLeft  ID = "prompt-erase"
	EraseRight ID = "prompt-delete"
	EraseWord  ID = "prompt-erase-word"
	EraseLine  ID = "prompt-erase-line"
)

// Access is the scope of the screen that explores who can do what.
const Access Scope = "rbac"

// Asking is the scope of the screens that answer a question, beside their own.
const Asking Scope = "question"

// Findings is the scope of the screens of many findings.
const Findings Scope = "findings"

// Overview is the scope of the first screen.
const Overview Scope = "overview"

// FixPlan is the scope of the screen that plans fixes.
const FixPlan Scope = "plan"

// Choosing is the scope of the list of columns that a table may have.
const Choosing Scope = "columns"

// Moments is the scope of the screen that compares two moments.
const Moments Scope = "snapshots"

// Default returns the bindings of the program.
func Default() *Map {
	m, err := New(slices.Concat(defaults(), inObject(), inTriage(), inReplay()))
	if err != nil { // The test of this package makes the same call.
		panic(fmt.Sprintf("keymap: %v", err))
	}
	return m
}

// defaults is the registry: every binding of the program, in the order of the
// help.
func defaults() []Binding { return slices.Concat(onScreens(), onMoments(), everywhere()) }

// onScreens are the bindings of lists, and of screens that have some of their own.
func onScreens() []Binding {
	const move, find, list, act, explore, planning = "Move", "Find", "List", "Act", "Who can do what", "Fix plan"
	return []Binding{
		{Up, Table, []string{"up", "k"}, "up one row", "up", move},
		{Down, Table, []string{"down", "j"}, "down one row", "down", move},
		{PageUp, Table, []string{"pgup", "ctrl+b"}, "up one page", "page up", move},
		{PageDown, Table, []string{"pgdown", "ctrl+f"}, "down one page", "page down", move},
		{HalfUp, Table, []string{"ctrl+u"}, "up half a page", "half up", move},
		{HalfDown, Table, []string{"ctrl+d"}, "down half a page", "half down", move},
		{Top, Table, []string{"g", "home"}, "to the first row", "top", move},
		{Bottom, Table, []string{"G", "end"}, "to the last row", "bottom", move},
		{Open, Global, []string{"enter", "l", "right"}, "open what the cursor is on", "open", move},
		{Back, Global, []string{"esc", "backspace", "h", "left"}, "back to where you came from", "back", move},
		{Last, Global, []string{"-"}, "to the last view and back again", "last", move},
		{Earlier, Global, []string{"["}, "back in the history of views", "earlier", move},
		{Later, Global, []string{"]"}, "forward in the history of views", "later", move},
		{NextFocus, Global, []string{"tab"}, "to the next pane or view", "pane", move},
		{PrevFocus, Global, []string{"shift+tab"}, "to the pane or view before", "pane back", move},
		{Next, Global, []string{"n"}, "to the next row, finding or match", "next", move},
		{Previous, Global, []string{"p", "N"}, "to the one before", "previous", move},

		{Filter, Global, []string{"/"}, "filter the rows", "filter", find},
		{Ask, Asking, []string{"a"}, "ask something else: who can, which score", "ask", find},
		{Command, Global, []string{":"}, "type a command or an address", "command", find},
		{Palette, Global, []string{"ctrl+p", "ctrl+k"}, "find anything by a few letters of its name", "palette", find},

		{Sort, Table, []string{"s"}, "sort by the next column", "sort", list},
		{Reverse, Table, []string{"S"}, "reverse the order", "reverse", list},
		{Wide, Table, []string{"w"}, "more or fewer columns; wrap a log or cut it", "wide", list},
		{Columns, Table, []string{"C"}, "choose the columns and their order", "columns", list},
		{ColumnUp, Choosing, []string{"K"}, "in the list of columns: move one up", "move up", list},
		{ColumnDown, Choosing, []string{"J"}, "in the list of columns: move one down", "move down", list},
		{GroupBy, Table, []string{"b"}, "group findings by what they have in common", "group", list},
		{FoldGroup, Findings, []string{"z"}, "fold a group of findings, or unfold it", "fold", list},
		{FoldGroups, Findings, []string{"Z"}, "fold all groups, or unfold them", "fold all", list},
		{Preview, Table, []string{"v"}, "preview what the cursor is on, or do not", "preview", list},

		{HeatMap, Overview, []string{"H"}, "the heat map: namespaces by categories", "heat map", list},
		{CellLeft, Grid, []string{"left", "h", "<"}, "one column to the left, in the heat map", "column", list},
		{CellRight, Grid, []string{"right", "l", ">"}, "one column to the right, in the heat map", "column", list},

		{Mark, Table, []string{"space"}, "mark a finding or cluster, or unmark it", "mark", act},
		{MarkAll, Table, []string{"A"}, "mark all that the filter shows", "mark all", act},
		{Unmark, Global, []string{"u"}, "take all marks off", "unmark", act},
		{Plan, Global, []string{"F"}, "plan fixes: of what is marked, else of all here", "plan", act},
		{Sides, Global, []string{"d"}, "show the change side by side, or in one column", "diff", act},
		{NextFix, Global, []string{"f"}, "show the next of several fixes", "next fix", act},
		{Copy, Global, []string{"y"}, "copy the patch, a command, the paths as text", "copy", act},
		{DryRun, Global, []string{"D"}, "dry run: ask the server about the changes", "dry run", act},
		{Workload, Global, []string{"W"}, "open the workload of what is selected", "workload", act},
		{Paths, Global, []string{"P"}, "show attack paths from what is selected", "paths", act},

		{WhoCan, Access, []string{"1"}, "who can do something: {ask} asks", "who can", explore},
		{Subjects, Access, []string{"2"}, "what each subject can do", "subjects", explore},
		{Escalation, Access, []string{"3"}, "who reaches cluster-admin, what closes it", "escalation", explore},
		{Wildcards, Access, []string{"4"}, "grants of everything", "wildcards", explore},
		{Stale, Access, []string{"5"}, "bindings and roles that serve nobody", "stale", explore},
		{Aggregated, Access, []string{"6"}, "where the rules of aggregated roles come from", "aggregated", explore},
		{Expand, Access, []string{"x"}, "show who is in groups, or hide them", "expand", explore},

		{Fastest, FixPlan, []string{"t"}, "the fastest way to a score: {ask} asks for another", "fastest", planning},
		{Higher, FixPlan, []string{">", "+"}, "a higher score to reach", "higher", planning},
		{Lower, FixPlan, []string{"<"}, "a lower score to reach", "lower", planning},
		{Sparing, FixPlan, []string{"c"}, "most points a step, or a pod made again", "sparing", planning},
		{Held, FixPlan, []string{"i"}, "take in what is held back, or leave it out", "held back", planning},
		{AsPatch, FixPlan, []string{"e"}, "write the plan as a patch", "patch", planning},
		{AsScript, FixPlan, []string{"K"}, "write it as commands of kubectl", "kubectl", planning},
		{AsOverlay, FixPlan, []string{"O"}, "write it as a kustomize overlay", "kustomize", planning},
	}
}

// onMoments are the bindings of the screen that compares two moments.
func onMoments() []Binding {
	const comparing = "Snapshots"
	return []Binding{
		{PickBefore, Moments, []string{"a"}, "choose A, the moment before", "before", comparing},
		{PickAfter, Moments, []string{"B"}, "choose B, the moment after", "after", comparing},
		{ShownKinds, Moments, []string{"t"}, "show all, what is worse, better, unclear", "kinds", comparing},
		{SaveMoment, Moments, []string{"x"}, "save a snapshot of now", "save", comparing},
		{AsReport, Moments, []string{"e"}, "write what changed as Markdown", "write", comparing},
	}
}

// everywhere are the bindings of the program itself, and those of a line that is typed.
func everywhere() []Binding {
	const program, typing = "Program", "While typing"
	return []Binding{
		{Themes, Global, []string{"T"}, "pick a theme, seeing each at once", "themes", program},
		{Contexts, Global, []string{"X"}, "the contexts, to look at another cluster", "contexts", program},
		{Mouse, Global, []string{"M"}, "mouse on or off; while on, shift-drag selects", "mouse", program},
		{Refresh, Global, []string{"r", "ctrl+l"}, "refresh and draw again", "refresh", program},
		{Suspend, Global, []string{"ctrl+z"}, "suspend the program; fg in the shell resumes it", "suspend", program},
		{Login, Global, []string{"R"}, "log in again, by the plugin of the kubeconfig", "log in", program},
		{Help, Global, []string{"?", "f1"}, "show this help", "help", program},
		{Quit, Global, []string{"q", "ctrl+c"}, "leave the program", "quit", program},

		{Accept, Prompt, []string{"enter"}, "take the line", "take", typing},
		{Cancel, Prompt, []string{"esc", "ctrl+c"}, "leave the line", "leave", typing},
		{Complete, Prompt, []string{"tab"}, "complete the word, then the next candidate", "complete", typing},
		{OlderInput, Prompt, []string{"up", "ctrl+p"}, "the line before", "older", typing},
		{NewerInput, Prompt, []string{"down", "ctrl+n"}, "the line after", "newer", typing},
		{CursorLeft, Prompt, []string{"left", "ctrl+b"}, "one letter to the left", "left", typing},
		{CursorNext, Prompt, []string{"right", "ctrl+f"}, "one letter to the right", "right", typing},
		{CursorHome, Prompt, []string{"home", "ctrl+a"}, "to the start of the line", "start", typing},
		{CursorEnd, Prompt, []string{"end", "ctrl+e"}, "to the end of the line", "end", typing},
		{EraseLeft, Prompt, []string{"backspace"}, "erase the letter before the cursor", "erase", typing},
		{EraseRight, Prompt, []string{"delete", "ctrl+d"}, "erase the letter under the cursor", "delete", typing},
		{EraseWord, Prompt, []string{"ctrl+w"}, "erase the word before the cursor", "erase word", typing},
		{EraseLine, Prompt, []string{"ctrl+u"}, "erase all before the cursor", "erase line", typing},
	}
}
