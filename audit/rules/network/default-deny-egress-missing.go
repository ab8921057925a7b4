package network

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/isolation"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var defaultDenyEgressMissing = &audit.Rule{
	ID:          "default-deny-egress-missing",
	Title:       "A namespace does not deny egress by default",
	Severity:    audit.Low,
	Rationale:   "A workload that is added without a policy of its own can send data anywhere, and nobody notices.",
	Remediation: "Add Egress to the policyTypes of the policy for all pods, after policies that allow what is needed, name resolution among it.",
	Controls:    []string{"CIS-5.3.2", "OWASP22-K07", "OWASP25-K05"},
	Since:       "2",
	Subjects:    []kube.Resource{kube.Namespaces},
	Reads:       []kube.Resource{kube.NetworkPolicies},
	Consults:    consultedOfNamespaces(),
	Check:       eachPopulated(judgeDefaults(isolation.Egress)),
}
