package network

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/isolation"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var defaultDenyMissing = &audit.Rule{
	ID:          "default-deny-missing",
	Title:       "A namespace denies no traffic by default",
	Severity:    audit.Medium,
	Rationale:   "A workload that is added without a policy of its own is open in both directions, and nobody notices.",
	Remediation: "Add a NetworkPolicy with an empty podSelector and policyTypes Ingress and Egress, after policies that allow what is needed, name resolution among it.",
	Controls:    []string{"CIS-5.3.2", "OWASP22-K07", "OWASP25-K05"},
	Since:       "2",
	Subjects:    []kube.Resource{kube.Namespaces},
	Reads:       []kube.Resource{kube.NetworkPolicies},
	Consults:    consultedOfNamespaces(),
	Check:       eachPopulated(judgeDefaults(isolation.Ingress, isolation.Egress)),
}
