// Package network judges whether traffic reaches what it should, and nothing else.
//
// Each rule is a file that bears the rule's ID, with its examples in the
// folder of that name under testdata; rules_gen.go lists them. Rules here never
// keep state and read nothing but the view they are given.
package network

import "github.com/seaworthy-dev/seaworthy/audit"

// Category returns the category with its rules.
func Category() audit.Category {
	return audit.Category{
		ID:       "network",
		Title:    "Network",
		Label:    "Network",
		Weight:   10,
		About:    "Whether traffic reaches what it should, and nothing else.",
		Rules:    rules,
		Examples: examples,
	}
}
