package disruption

import (
	policyv1 "k8s.io/api/policy/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var pdbSelectsNothing = &audit.Rule{
	ID:       "pdb-selects-nothing",
	Title:    "A budget protects no pods",
	Severity: audit.Low,
	Rationale: "Whoever wrote the budget believes that some workload is protected from drains, and it is not: " +
		"usually a label was renamed, or the budget is in another namespace than the pods.",
	Remediation: "Compare spec.selector with the labels of the pod template it is meant for, or delete the budget if that is gone. " +
		"An empty selector selects all pods of the namespace, a missing one none.",
	Since:    "1",
	Subjects: []kube.Resource{kube.PodDisruptionBudgets},
	Consults: kube.WorkloadResources(),
	Check: eachBudget(func(p *audit.Pass, b *policyv1.PodDisruptionBudget) {
		if len(p.Cluster.WorkloadsSelected(b.Namespace, b.Spec.Selector)) > 0 || selectsPods(p.Cluster, b) {
			return
		}
		if b.Spec.Selector == nil {
			p.Report(audit.Finding{
				Path:    "spec.selector",
				Message: "it has no selector, and so selects no pods",
				Detail:  "In policy/v1 a budget without a selector matches nothing.",
			})
			return
		}
		if why := unseen(p.Cluster, b.Namespace); why != "" {
			p.Unknown(why)
			return
		}
		if p.Cluster.Info.Offline {
			p.Unknown("manifests do not show the pods that operators create")
			return
		}
		p.Report(audit.Finding{
			Path:    "spec.selector",
			Message: "it selects no pods",
			Detail:  "Neither a pod nor the pod template of a workload in its namespace has the labels.",
		})
	}),
}
