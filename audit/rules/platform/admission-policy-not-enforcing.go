package platform

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/policyengine"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var admissionPolicyNotEnforcing = &audit.Rule{
	ID:       "admission-policy-not-enforcing",
	Title:    "A policy engine only records what a policy forbids",
	Severity: audit.Low,
	Rationale: "What the policy forbids is written down and let through. That is meant so while a policy is rolled out; " +
		"left so for good, who relies on the policy is not protected by it.",
	Remediation: "Read what it has reported, exempt or repair that, then have it refuse the rest: failureAction: Enforce in a rule of Kyverno " +
		"(validationFailureAction before 1.13), Deny among the validationActions of its newer kinds, mode: protect in Kubewarden, enforcementAction: deny in Gatekeeper. Accept the finding with a date while the policy is rolled out.",
	Since:    "3",
	Subjects: policyengine.Resources(),
	Check: eachPolicy(func(p *audit.Pass, policy policyengine.Policy) {
		if !policy.Enforces {
			p.Report(audit.Finding{
				Path:    policy.Path,
				Message: "nothing is refused: " + policy.Action,
				Detail:  "What the policy forbids is recorded and let through, in every namespace. While it is rolled out that is meant so.",
			})
		}
	}),
}

// eachPolicy returns a Check that judges policies of engines that forbid something.
func eachPolicy(judge func(*audit.Pass, policyengine.Policy)) audit.Check {
	return audit.EachOf(policyengine.Resources(), func(p *audit.Pass, o kube.Object) {
		policy, err := policyengine.Read(o.(*unstructured.Unstructured))
		switch {
		case err != nil:
			p.Unknown(err.Error())
		case !policy.Forbids:
			p.NotApplicable()
		default:
			judge(p, policy)
		}
	})
}
