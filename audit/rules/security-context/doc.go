// Package securitycontext judges what a container could do to its node if it were taken over.
//
// Each rule is a file that bears the rule's ID, with its examples in the
// folder of that name under testdata; rules_gen.go lists them. Rules here never
// keep state and read nothing but the view they are given.
package securitycontext

import "github.com/seaworthy-dev/seaworthy/audit"

// Category returns the category with its rules.
func Category() audit.Category {
	return audit.Category{
		ID:       "security-context",
		Title:    "Security context",
		Label:    "Security",
		Weight:   20,
		Heart:    true,
		About:    "What a container could do to its node, and to its neighbours, if it were taken over.",
		Rules:    rules,
		Examples: examples,
	}
}
