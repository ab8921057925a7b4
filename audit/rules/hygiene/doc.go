// Package hygiene judges what nobody refers to any more, and what makes a cluster harder to read.
//
// Each rule is a file that bears the rule's ID, with its examples in the
// folder of that name under testdata; rules_gen.go lists them. Rules here never
// keep state and read nothing but the view they are given.
package hygiene

import "github.com/seaworthy-dev/seaworthy/audit"

// Category returns the category with its rules.
func Category() audit.Category {
	return audit.Category{
		ID:       "hygiene",
		Title:    "Hygiene",
		Label:    "Hygiene",
		Weight:   3,
		About:    "What nobody refers to any more, and what makes a cluster harder to read.",
		Rules:    rules,
		Examples: examples,
	}
}
