package network

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/isolation"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var podEgressNotIsolated = &audit.Rule{
	ID:       "pod-egress-not-isolated",
	Title:    "Policies of a workload let out everything",
	Severity: audit.Low,
	Rationale: "Whoever takes over a container of the pods can fetch tools, send data out, and look for the next victim in the cluster. " +
		"A policy that says nothing of egress leaves it open.",
	Remediation: "Have a policy that selects the pods name Egress in policyTypes, and allow what they connect to, the cluster's name servers among it.",
	Controls:    []string{"NSA", "OWASP22-K07", "OWASP25-K05"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Reads:       []kube.Resource{kube.NetworkPolicies},
	Consults:    isolation.Consulted(),
	Check:       eachIsolated(judgeDirection(isolation.Egress, "they can connect to whatever they find")),
}
