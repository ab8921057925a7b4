package policyengine

import (
	"slices"
	"strings"
)

// expressions is what matters of the policies of Kyverno that are written in CEL
// (https://github.com/kyverno/api, api/policies.kyverno.io): those that validate, also the
// signatures of images, forbid; those that mutate, generate or delete do not.
type expressions struct {
	Kind string `json:"kind"`
	Spec struct {
		Actions       []string `json:"validationActions"` // Deny where none is set
		FailurePolicy string   `json:"failurePolicy"`
		Evaluation    struct {
			Admission struct {
				Enabled *bool `json:"enabled"` // true where it is not set
			} `json:"admission"`
		} `json:"evaluation"`
	} `json:"spec"`
}

func (e expressions) policy() Policy {
	p := Policy{Path: "spec.validationActions"}
	if e.Spec.FailurePolicy == ignore {
		p.Open = "spec.failurePolicy"
	}
	if !strings.HasSuffix(e.Kind, "ValidatingPolicy") {
		return p
	}
	p.Forbids, p.Action = true, "Deny"
	if len(e.Spec.Actions) > 0 {
		p.Action = strings.Join(e.Spec.Actions, ", ")
	}
	p.Enforces = len(e.Spec.Actions) == 0 || slices.Contains(e.Spec.Actions, "Deny")
	if asked := e.Spec.Evaluation.Admission.Enabled; asked != nil && !*asked {
		p.Enforces, p.Action, p.Path = false, "admission.enabled false", "spec.evaluation.admission.enabled"
	}
	return p
}
