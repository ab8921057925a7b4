// Package secrets judges where credentials are kept and who is handed them.
//
// Each rule is a file that bears the rule's ID, with its examples in the
// folder of that name under testdata; rules_gen.go lists them. Rules here never
// keep state and read nothing but the view they are given.
package secrets

import "github.com/seaworthy-dev/seaworthy/audit"

// Category returns the category with its rules.
func Category() audit.Category {
	return audit.Category{
		ID:       "secrets",
		Title:    "Secrets",
		Label:    "Secrets",
		Weight:   10,
		About:    "Where credentials are kept, and who is handed them.",
		Rules:    rules,
		Examples: examples,
	}
}
