// Package resources judges what containers ask of nodes and what holds them back.
//
// Each rule is a file that bears the rule's ID, with its examples in the
// folder of that name under testdata; rules_gen.go lists them. Rules here never
// keep state and read nothing but the view they are given.
//
// What a container should ask for comes from what it was seen to use (kube.Figures)
// or from a VerticalPodAutoscaler, and from nothing else (sizing.go): a rule that knows
// too little proposes a placeholder for a person to fill in (proposing.go). Rules about
// use judge by the same figures, and by one sample where there are none, as the fix of
// one must not be the finding of another.
package resources

import "github.com/seaworthy-dev/seaworthy/audit"

// Category returns the category with its rules.
func Category() audit.Category {
	return audit.Category{
		ID:       "resources",
		Title:    "Resource limits",
		Label:    "Limits",
		Weight:   10,
		Heart:    true,
		About:    "What containers ask of nodes and what keeps one of them from starving the others.",
		Rules:    rules,
		Examples: examples,
	}
}
