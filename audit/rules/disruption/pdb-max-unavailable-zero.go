package disruption

import (
	"fmt"

	policyv1 "k8s.io/api/policy/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var pdbMaxUnavailableZero = &audit.Rule{
	ID:       "pdb-max-unavailable-zero",
	Title:    "A budget forbids every eviction",
	Severity: audit.High,
	Rationale: "No node that runs one of the pods can be drained. Upgrades hang until somebody deletes the pod, " +
		"or the budget, by hand, or time out and kill the pod without regard to any budget.",
	Remediation: "Set maxUnavailable to 1, and run enough replicas to bear it.",
	Since:       "1",
	Subjects:    []kube.Resource{kube.PodDisruptionBudgets},
	Consults:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.PodDisruptionBudgets},
		Object:    "object.spec.?maxUnavailable.optMap(m, string(m).matches('^0+%?$')).orValue(false)",
	},
	Check: eachBudget(func(p *audit.Pass, b *policyv1.PodDisruptionBudget) {
		if b.Spec.MaxUnavailable == nil {
			p.NotApplicable()
			return
		}
		if !keepsAll(&b.Spec) {
			return
		}
		p.Report(audit.Finding{
			Path:    "spec.maxUnavailable",
			Message: fmt.Sprintf("maxUnavailable is %s: no pod may be evicted", b.Spec.MaxUnavailable),
			Detail:  "The eviction API refuses every request for a pod that the budget selects, as long as the budget exists.",
			Fixes: []audit.Fix{oneAtATime(b, "Drains go through from then on, also where they were meant to wait for a person: "+
				"of a workload with one replica they take down the only one.")},
		})
	}),
}
