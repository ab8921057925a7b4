// Package probes judges whether the kubelet can tell a working container from a broken one.
//
// Each rule is a file that bears the rule's ID, with its examples in the
// folder of that name under testdata; rules_gen.go lists them. Rules here never
// keep state and read nothing but the view they are given.
package probes

import "github.com/seaworthy-dev/seaworthy/audit"

// Category returns the category with its rules.
func Category() audit.Category {
	return audit.Category{
		ID:       "probes",
		Title:    "Probes",
		Label:    "Probes",
		Weight:   8,
		Heart:    true,
		About:    "Whether the cluster can tell a working container from a broken one, and sends no traffic to the latter.",
		Rules:    rules,
		Examples: examples,
	}
}
