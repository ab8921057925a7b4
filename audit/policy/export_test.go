package policy

import (
	"maps"
	"slices"
)

// RulesOf returns the rules that a policy says something of.
func RulesOf(p *Policy) []string {
	return append(slices.Sorted(maps.Keys(p.rules)), p.picks.without...)
}
