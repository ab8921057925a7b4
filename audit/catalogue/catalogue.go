package catalogue

import (
	_ "embed"
	"slices"
	"strings"
)

//go:embed catalogue.tsv
var checks string

//go:embed left-out.tsv
var leftOut string

// Check is one thing that some tool checks of a cluster.
type Check struct {
	ID       string // of our rule, unless it is left out
	Category string
	// Elsewhere is what other tools call it, as "popeye:POP-106"; empty if no
	// other tool has it.
	Elsewhere []string
	// Instead is the ID of the rule that covers it, "" if it is a rule itself or
	// there is none.
	Instead string
	// LeftOut says why it is no rule of its own, "" if it is one.
	LeftOut string
}

// Rule returns the ID of the rule that makes the check, "" if none does.
func (c Check) Rule() string {
	if c.LeftOut != "" {
		return c.Instead
	}
	return c.ID
}

// All returns every check, by category and in the order of the table.
func All() []Check {
	why := map[string][]string{}
	for row := range rows(leftOut) {
		why[row[0]] = row
	}
	var all []Check
	for row := range rows(checks) {
		c := Check{ID: row[0], Category: row[1]}
		if row[2] != "-" {
			c.Elsewhere = strings.Split(row[2], ",")
		}
		if reason, ok := why[c.ID]; ok {
			c.Instead, c.LeftOut = strings.TrimPrefix(reason[1], "-"), reason[2]
		}
		all = append(all, c)
	}
	return all
}

// Named returns the checks that a name stands for: an ID of ours, what another
// tool calls it ("POP-106", "C-0016"), or both with the tool ("popeye:POP-106").
// Case does not matter. It returns nil for a name that nobody uses.
func Named(name string) []Check {
	return slices.DeleteFunc(All(), func(c Check) bool {
		return !strings.EqualFold(c.ID, name) && !slices.ContainsFunc(c.Elsewhere, func(called string) bool {
			_, id, _ := strings.Cut(called, ":")
			return strings.EqualFold(called, name) || strings.EqualFold(id, name)
		})
	})
}

// Elsewhere returns what other tools call the checks that a rule makes, sorted.
func Elsewhere(rule string) []string {
	var names []string
	for _, c := range All() {
		if c.Rule() == rule {
			names = append(names, c.Elsewhere...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// rows yields the lines of a table below its heading.
func rows(table string) func(yield func([]string) bool) {
	return func(yield func([]string) bool) {
		heading := true
		for line := range strings.Lines(table) {
			if !heading && !yield(strings.Split(strings.TrimRight(line, "\n"), "\t")) {
				return
			}
			heading = false
		}
	}
}
