// Package rbac judges who may do what: bindings, roles and the tokens that pods carry.
//
// Each rule is a file that bears the rule's ID, with its examples in the
// folder of that name under testdata; rules_gen.go lists them. Rules here never
// keep state and read nothing but the view they are given.
package rbac

import "github.com/seaworthy-dev/seaworthy/audit"

// Category returns the category with its rules.
func Category() audit.Category {
	return audit.Category{
		ID:       "rbac",
		Title:    "RBAC scope",
		Label:    "RBAC",
		Weight:   20,
		Heart:    true,
		About:    "Who may do what: the reach of roles and bindings, and the API tokens that pods carry without need.",
		Rules:    rules,
		Examples: examples,
	}
}
