// Package autoscaling judges whether HorizontalPodAutoscalers can do their work.
//
// Each rule is a file that bears the rule's ID, with its examples in the
// folder of that name under testdata; rules_gen.go lists them. Rules here never
// keep state and read nothing but the view they are given.
package autoscaling

import "github.com/seaworthy-dev/seaworthy/audit"

// Category returns the category with its rules.
func Category() audit.Category {
	return audit.Category{
		ID:       "autoscaling",
		Title:    "Autoscaling",
		Label:    "HPA",
		Weight:   4,
		Heart:    true,
		About:    "Whether HorizontalPodAutoscalers have a target, room to move and the figures to move by.",
		Rules:    rules,
		Examples: examples,
	}
}
