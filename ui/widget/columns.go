package widget

import (
	"cmp"
	"slices"

	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// Unlimited is the Max of a column that takes whatever room is left.
const Unlimited = 1 << 16

// Column is one column of a Table.
type Column struct {
	// ID names the column where the user sorts by it, hides it or moves it. A column
	// without ID can only be seen.
	ID string
	// Unsorted says that the rows cannot be sorted by it.
	Unsorted bool
	// Title stands above the column.
	Title string
	// Min, Ideal and Max are widths in cells. Under Min the column is left
	// out. An Ideal under Min counts as Min, a Max under Ideal as Ideal.
	Min, Ideal, Max int
	// Priority says what goes first where room is short: columns of the
	// lowest Priority, among them the rightmost.
	Priority int
	// Wide says that the table has the column only if it is wide ([Table.SetWide]) or the
	// user has chosen it.
	Wide bool
	// WidePriority is the Priority in a wide table; 0 means the same.
	WidePriority int
	// Passing says that the table has the column only while there is something to tell in
	// it: with it and without it is the same table to the user.
	Passing bool
	// Falling says that the column is sorted from high to low at first, as counts
	// are, whose largest is what is looked for.
	Falling bool
	// Align is the side at which cells and title stand.
	Align style.Align
}

// gap is the number of blank cells between two columns.
const gap = 1

// SolveColumns returns the width of each column in a line of that many cells,
// with one blank between columns. A column that finds no room has width 0. The
// columns that stay have at least Min; then, by priority, up to Ideal; what is
// left is shared evenly up to Max. If not even the most important column fits,
// it takes the whole line.
func SolveColumns(columns []Column, width int) []int {
	widths := make([]int, len(columns))
	order := byPriority(columns)
	if len(order) == 0 || width <= 0 {
		return widths
	}
	used := -gap
	for i, index := range order {
		need := max(columns[index].Min, 1) + gap
		if used+need > width {
			order = order[:i]
			break
		}
		widths[index] = need - gap
		used += need
	}
	if len(order) == 0 {
		widths[byPriority(columns)[0]] = width
		return widths
	}
	free := width - used
	for _, index := range order {
		grow := max(0, min(columns[index].Ideal-widths[index], free))
		widths[index] += grow
		free -= grow
	}
	shareRest(columns, order, widths, free)
	return widths
}

// shareRest gives out the cells that are left, evenly, to the columns that may
// grow.
func shareRest(columns []Column, order, widths []int, free int) {
	growing := slices.Clone(order)
	for free > 0 {
		growing = slices.DeleteFunc(growing, func(index int) bool { return widths[index] >= columns[index].Max })
		if len(growing) == 0 {
			return
		}
		share := max(1, free/len(growing))
		for _, index := range growing {
			grow := min(share, free, columns[index].Max-widths[index])
			widths[index] += grow
			free -= grow
		}
	}
}

// byPriority returns the indexes of the columns, the most important first.
func byPriority(columns []Column) []int {
	order := make([]int, len(columns))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(columns[b].Priority, columns[a].Priority)
	})
	return order
}
