package network

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/isolation"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var defaultDenyIngressMissing = &audit.Rule{
	ID:          "default-deny-ingress-missing",
	Title:       "A namespace does not deny ingress by default",
	Severity:    audit.Medium,
	Rationale:   "A workload that is added without a policy of its own can be reached by every pod of the cluster, and nobody notices.",
	Remediation: "Add Ingress to the policyTypes of the policy for all pods, after policies that allow what is needed.",
	Controls:    []string{"CIS-5.3.2", "OWASP22-K07", "OWASP25-K05"},
	Since:       "2",
	Subjects:    []kube.Resource{kube.Namespaces},
	Reads:       []kube.Resource{kube.NetworkPolicies},
	Consults:    consultedOfNamespaces(),
	Check:       eachPopulated(judgeDefaults(isolation.Ingress)),
}
