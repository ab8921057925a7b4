package disruption

import (
	policyv1 "k8s.io/api/policy/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var pdbPolicyMissing = &audit.Rule{
	ID:       "pdb-policy-missing",
	Title:    "A budget does not say what it allows",
	Severity: audit.Medium,
	Rationale: "Without minAvailable and maxUnavailable the controller expects no pods, and so allows no disruption: " +
		"a drain of any node that runs one of the pods hangs.",
	Remediation: "Set maxUnavailable: 1.",
	Since:       "1",
	Subjects:    []kube.Resource{kube.PodDisruptionBudgets},
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.PodDisruptionBudgets},
		Object:    "!has(object.spec.minAvailable) && !has(object.spec.maxUnavailable)",
	},
	Check: eachBudget(func(p *audit.Pass, b *policyv1.PodDisruptionBudget) {
		if b.Spec.MinAvailable != nil || b.Spec.MaxUnavailable != nil {
			return
		}
		p.Report(audit.Finding{
			Path:    "spec.maxUnavailable",
			Message: "it sets neither minAvailable nor maxUnavailable",
			Detail:  "The eviction API refuses every request for a pod that such a budget selects.",
			Fixes:   []audit.Fix{oneAtATime(b, "Drains go through from then on; of a workload with one replica they take down the only one.")},
		})
	}),
}
