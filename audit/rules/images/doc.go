// Package images judges whether what runs is what was meant to run.
//
// Each rule is a file that bears the rule's ID, with its examples in the
// folder of that name under testdata; rules_gen.go lists them. Rules here never
// keep state and read nothing but the view they are given.
package images

import "github.com/seaworthy-dev/seaworthy/audit"

// Category returns the category with its rules.
func Category() audit.Category {
	return audit.Category{
		ID:       "images",
		Title:    "Images",
		Label:    "Images",
		Weight:   5,
		About:    "Whether what runs is what was meant to run: names, tags, digests and registries.",
		Rules:    rules,
		Examples: examples,
	}
}
