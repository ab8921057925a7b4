// Package deprecation judges what a newer version of Kubernetes no longer has, and vulnerable versions.
//
// Each rule is a file that bears the rule's ID, with its examples in the
// folder of that name under testdata; rules_gen.go lists them. Rules here never
// keep state and read nothing but the view they are given.
package deprecation

import "github.com/seaworthy-dev/seaworthy/audit"

// Category returns the category with its rules.
func Category() audit.Category {
	return audit.Category{
		ID:       "deprecation",
		Title:    "Deprecation",
		Label:    "Deprec.",
		Weight:   3,
		About:    "What a newer version of Kubernetes no longer has, and versions that are known to be vulnerable.",
		Rules:    rules,
		Examples: examples,
	}
}
