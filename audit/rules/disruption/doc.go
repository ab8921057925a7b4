// Package disruption judges whether workloads survive drains, upgrades and the loss of a node.
//
// Each rule is a file that bears the rule's ID, with its examples in the
// folder of that name under testdata; rules_gen.go lists them. Rules here never
// keep state and read nothing but the view they are given.
package disruption

import "github.com/seaworthy-dev/seaworthy/audit"

// Category returns the category with its rules.
func Category() audit.Category {
	return audit.Category{
		ID:       "disruption",
		Title:    "Disruption",
		Label:    "PDB",
		Weight:   10,
		Heart:    true,
		About:    "Whether workloads survive the loss of a node, and nodes can be drained without a person.",
		Rules:    rules,
		Examples: examples,
	}
}
