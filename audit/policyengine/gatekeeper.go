package policyengine

import (
	"cmp"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// constraint is what matters of a constraint of Gatekeeper, of whatever kind
// (https://open-policy-agent.github.io/gatekeeper/website/docs/enforcement-points).
type constraint struct {
	Kind string `json:"kind"`
	Spec struct {
		Action string        `json:"enforcementAction"` // deny where it is not set
		Scoped []scopedPoint `json:"scopedEnforcementActions"`
		Match  struct {
			Excluded []string `json:"excludedNamespaces"`
		} `json:"match"`
	} `json:"spec"`
	Status struct {
		Audited    string            `json:"auditTimestamp"`
		Total      int               `json:"totalViolations"`
		Violations []constraintFault `json:"violations"`
	} `json:"status"`
}

// scopedPoint says what is done at some of the points at which Gatekeeper looks, where
// the action is "scoped".
type scopedPoint struct {
	Action string `json:"action"`
	Points []struct {
		Name string `json:"name"`
	} `json:"enforcementPoints"`
}

// The points at which a constraint is looked at.
const (
	admissionPoint = "validation.gatekeeper.sh"
	auditPoint     = "audit.gatekeeper.sh"
	vapPoint       = "vap.k8s.io"
)

// at reports whether it holds at one of some points.
func (s scopedPoint) at(points ...string) bool {
	for _, p := range s.Points {
		if p.Name == "*" || slices.Contains(points, p.Name) {
			return true
		}
	}
	return false
}

func (c constraint) policy() Policy {
	p := Policy{
		Forbids: true, Action: strings.ToLower(cmp.Or(c.Spec.Action, "deny")), Path: "spec.enforcementAction",
		Exempt: c.Spec.Match.Excluded,
	}
	p.Enforces = p.Action == "deny"
	if p.Action != "scoped" {
		return p
	}
	p.Path = "spec.scopedEnforcementActions"
	p.Enforces = slices.ContainsFunc(c.Spec.Scoped, func(s scopedPoint) bool {
		return strings.EqualFold(s.Action, "deny") && s.at(admissionPoint, vapPoint)
	})
	return p
}

// audited reports whether Gatekeeper's audit looks at it.
func (c constraint) audited() bool {
	return !strings.EqualFold(c.Spec.Action, "scoped") ||
		slices.ContainsFunc(c.Spec.Scoped, func(s scopedPoint) bool { return s.at(auditPoint) })
}

// constraintFault is an object that a constraint forbids.
type constraintFault struct {
	Group     string `json:"group"`
	Kind      string `json:"kind"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Message   string `json:"message"`
}

// Audit is what Gatekeeper's audit says of a constraint.
type Audit struct {
	// Skipped says that the audit does not look at it.
	Skipped bool
	At      metav1.Time // of the last audit, zero if there was none or it does not say when
	// Total is how many violations there are, which may be more than the constraint lists.
	Total int
}

// AuditOf reads what the audit says of a constraint. The error is that of [Read].
func AuditOf(o *unstructured.Unstructured) (Audit, error) {
	c, err := kube.Decode[constraint](o)
	if err != nil {
		return Audit{}, err
	}
	a := Audit{Skipped: !c.audited(), Total: max(c.Status.Total, len(c.Status.Violations))}
	if at, err := time.Parse(time.RFC3339, c.Status.Audited); err == nil {
		a.At = metav1.NewTime(at)
	}
	return a, nil
}
