package network

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/isolation"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var podIngressNotIsolated = &audit.Rule{
	ID:       "pod-ingress-not-isolated",
	Title:    "Policies of a workload let in everything",
	Severity: audit.Medium,
	Rationale: "Somebody thought of network policies for the pods, and still every pod of the cluster can connect to every port of them: " +
		"a policy that is about egress alone leaves ingress open, and one that allows all makes the others void.",
	Remediation: "Have a policy that selects the pods name Ingress in policyTypes, and allow the peers and ports that are needed.",
	Controls:    []string{"NSA", "OWASP22-K07", "OWASP25-K05"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Reads:       []kube.Resource{kube.NetworkPolicies},
	Consults:    isolation.Consulted(),
	Check:       eachIsolated(judgeDirection(isolation.Ingress, "whoever reaches the network of the cluster can connect to them")),
}
