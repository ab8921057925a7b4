package disruption

import (
	policyv1 "k8s.io/api/policy/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var pdbUnhealthyEvictionPolicyUnset = &audit.Rule{
	ID:       "pdb-unhealthy-eviction-policy-unset",
	Title:    "A budget protects pods that do not work",
	Severity: audit.Low,
	Rationale: "Unless told otherwise, a budget that is not met protects its broken pods as well: " +
		"a workload that crashes on every start blocks the drain of its nodes, and nothing is gained by it.",
	Remediation: "Set unhealthyPodEvictionPolicy: AlwaysAllow (Kubernetes 1.27 and newer), " +
		"or IfHealthyBudget, if a pod that is not ready holds data that has to be waited for.",
	Since:    "1",
	Subjects: []kube.Resource{kube.PodDisruptionBudgets},
	Consults: kube.WorkloadResources(),
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.PodDisruptionBudgets},
		Object:    "!has(object.spec.unhealthyPodEvictionPolicy)",
	},
	Check: eachBudget(func(p *audit.Pass, b *policyv1.PodDisruptionBudget) {
		if b.Spec.UnhealthyPodEvictionPolicy != nil {
			return
		}
		const path = "spec.unhealthyPodEvictionPolicy"
		fix := audit.SetField("let pods that are not ready be evicted", path, string(policyv1.AlwaysAllow))
		fix.Risk = "A pod that is not ready yet, or is catching up with its data, may be evicted in the midst of it."
		p.Report(audit.Finding{
			Path:    path,
			Message: "pods that are not ready can block a drain",
			Detail:  "spec.unhealthyPodEvictionPolicy is not set, and IfHealthyBudget by default.",
			Fixes:   []audit.Fix{fix},
		})
	}),
}
