package network

import (
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/isolation"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var networkPolicySelectsNoPods = &audit.Rule{
	ID:       "network-policy-selects-no-pods",
	Title:    "A network policy selects no pods",
	Severity: audit.Low,
	Rationale: "Whoever wrote the policy believes that some workload is protected by it, and it is not: " +
		"usually a label was renamed, or the policy is in another namespace than the pods.",
	Remediation: "Compare spec.podSelector with the labels of the pod template that it is meant for, or delete the policy if that is gone.",
	Controls:    []string{"OWASP22-K07", "OWASP25-K05"},
	Since:       "2",
	Subjects:    []kube.Resource{kube.NetworkPolicies},
	Consults:    kube.WorkloadResources(),
	Check: eachPolicy(func(p *audit.Pass, n *networkingv1.NetworkPolicy) {
		if isolation.SelectsAll(&n.Spec.PodSelector) {
			p.NotApplicable() // it is for whatever comes
			return
		}
		if selectsPods(p.Cluster, n.Namespace, &n.Spec.PodSelector) {
			return
		}
		if why := unseen(p.Cluster, n.Namespace); why != "" {
			p.Unknown(why)
			return
		}
		p.Report(audit.Finding{
			Path:    "spec.podSelector",
			Message: "it selects no pods",
			Detail:  "Neither a pod nor the pod template of a workload of its namespace has the labels.",
		})
	}),
}
