package platform

import (
	"cmp"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/policyengine"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var admissionPolicyNotReady = &audit.Rule{
	ID:       "admission-policy-not-ready",
	Title:    "A policy is not in force: its engine cannot use it",
	Severity: audit.Medium,
	Rationale: "The policy is in the cluster and is asked about nothing, or what is asked is an older one. " +
		"Nothing else tells: what it forbids is let through as if there were no policy.",
	Remediation: "Read what the engine says of the policy. Usually it cannot compile or load it: correct the policy, or let the engine reach the registry that it is from. " +
		"A policy of Kubewarden that stays unscheduled names a PolicyServer (spec.policyServer) that does not exist.",
	Since:    "3",
	Subjects: policyengine.Resources(),
	Timed:    true,
	Check: eachDecoded(policyengine.Resources(), func(p *audit.Pass, s *policyState) {
		if p.Subject().Ref.Group == kube.ClusterAdmissionPolicies.Group {
			judgeAdmitted(p, s)
		} else if c := notReady(p, s.Status.Conditions); c != nil {
			reportPolicy(p, c)
		}
	}),
}

// policyState is what engines say of a policy: Kyverno by the condition Ready
// (https://github.com/kyverno/kyverno, api/kyverno/v1/policy_status.go), Kubewarden by
// several (https://github.com/kubewarden/kubewarden-controller, api/policies/v1/policy.go).
type policyState struct {
	Metadata metav1.ObjectMeta `json:"metadata"`
	Status   struct {
		Conditions   []metav1.Condition `json:"conditions"`
		PolicyStatus string             `json:"policyStatus"` // of Kubewarden: unscheduled, scheduled, pending, active
	} `json:"status"`
}

func reportPolicy(p *audit.Pass, c *metav1.Condition) {
	p.Report(audit.Finding{Message: "it is not ready: " + cmp.Or(c.Reason, "no reason given"), Detail: reasoned(c)})
}

// judgeAdmitted judges a policy of Kubewarden. One that is changed is pending for a while.
func judgeAdmitted(p *audit.Pass, s *policyState) {
	unmet := func(c metav1.Condition) bool { return c.Status == metav1.ConditionFalse }
	lasting := slices.IndexFunc(s.Status.Conditions, func(c metav1.Condition) bool {
		return unmet(c) && p.Cluster.Lasted(c.LastTransitionTime, reconciling)
	})
	switch {
	case lasting >= 0:
		reportPolicy(p, &s.Status.Conditions[lasting])
	case s.Status.PolicyStatus == "", slices.ContainsFunc(s.Status.Conditions, unmet):
		p.NotApplicable()
	case s.Status.PolicyStatus == "active":
	case p.Cluster.Lasted(s.Metadata.CreationTimestamp, reconciling):
		p.Report(audit.Finding{
			Path: "status.policyStatus", Message: "it is " + s.Status.PolicyStatus,
			Detail: "The API server does not ask it: Kubewarden calls a policy active once that does.",
		})
	default:
		p.NotApplicable()
	}
}
