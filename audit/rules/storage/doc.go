// Package storage judges whether claims have volumes, and volumes keep what is in them.
//
// Each rule is a file that bears the rule's ID, with its examples in the
// folder of that name under testdata; rules_gen.go lists them. Rules here never
// keep state and read nothing but the view they are given.
package storage

import "github.com/seaworthy-dev/seaworthy/audit"

// Category returns the category with its rules.
func Category() audit.Category {
	return audit.Category{
		ID:       "storage",
		Title:    "Storage",
		Label:    "Storage",
		Weight:   3,
		About:    "Whether claims have volumes, and volumes keep what is in them.",
		Rules:    rules,
		Examples: examples,
	}
}
