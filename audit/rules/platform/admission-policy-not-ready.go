package platform

import (
	"cmp"
	"slices"
	"strings"

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
		switch p.Subject().Ref.Group {
		case kube.ClusterAdmissionPolicies.Group:
			judgeAdmitted(p, s)
		case kube.ValidatingPolicies.Group:
			judgeExpressions(p, s)
		case kube.Constraints.Group:
			judgeConstraint(p, s)
		default:
			if c := notReady(p, s.Status.Conditions); c != nil {
				reportPolicy(p, c)
			}
		}
	}),
}

// policyState is what engines say of a policy: Kyverno by the condition Ready
// (https://github.com/kyverno/kyverno, api/kyverno/v1/policy_status.go) or, in its newer
// kinds, a field (https://github.com/kyverno/api), Kubewarden by several conditions
// (https://github.com/kubewarden/kubewarden-controller, api/policies/v1/policy.go), and
// Gatekeeper by the errors of its pods.
type policyState struct {
	Metadata metav1.ObjectMeta `json:"metadata"`
	Status   struct {
		Conditions   []metav1.Condition `json:"conditions"`
		PolicyStatus string             `json:"policyStatus"` // of Kubewarden: unscheduled, scheduled, pending, active
		// Of the kinds of Kyverno that are written in CEL.
		ConditionStatus struct {
			Ready      *bool              `json:"ready"`
			Message    string             `json:"message"`
			Conditions []metav1.Condition `json:"conditions"`
		} `json:"conditionStatus"`
		// Of Gatekeeper: what each of its pods says.
		ByPod []struct {
			Errors []struct {
				Code    string `json:"code"`
				Message string `json:"message"`
			} `json:"errors"`
		} `json:"byPod"`
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

// judgeExpressions judges a policy of Kyverno that is written in CEL. One that is new has
// to be compiled and its webhook to be made.
func judgeExpressions(p *audit.Pass, s *policyState) {
	said := s.Status.ConditionStatus
	switch {
	case said.Ready == nil:
		p.NotApplicable()
		return
	case *said.Ready:
		return
	}
	since := s.Metadata.CreationTimestamp
	unmet := slices.IndexFunc(said.Conditions, func(c metav1.Condition) bool { return c.Status == metav1.ConditionFalse })
	if unmet >= 0 {
		since = said.Conditions[unmet].LastTransitionTime
	}
	switch {
	case !p.Cluster.Lasted(since, reconciling):
		p.NotApplicable()
	case unmet >= 0:
		reportPolicy(p, &said.Conditions[unmet])
	default:
		p.Report(audit.Finding{
			Path: "status.conditionStatus.ready", Message: "it is not ready",
			Detail: "Kyverno says: " + strings.TrimSuffix(cmp.Or(strings.TrimSpace(said.Message), "nothing more"), ".") + ".",
		})
	}
}

// judgeConstraint judges a constraint of Gatekeeper by what its pods say. One of which none
// says anything is not known to be used.
func judgeConstraint(p *audit.Pass, s *policyState) {
	if len(s.Status.ByPod) == 0 {
		p.NotApplicable()
	}
	for _, pod := range s.Status.ByPod {
		if len(pod.Errors) > 0 {
			e := pod.Errors[0]
			p.Report(audit.Finding{
				Message: "it is not used: " + cmp.Or(e.Code, "Gatekeeper reports an error"),
				Detail:  "Gatekeeper says: " + strings.TrimSuffix(cmp.Or(strings.TrimSpace(e.Message), "nothing more"), ".") + ".",
			})
			return
		}
	}
}
