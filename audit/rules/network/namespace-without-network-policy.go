package network

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/isolation"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var namespaceWithoutNetworkPolicy = &audit.Rule{
	ID:       "namespace-without-network-policy",
	Title:    "A namespace has no network policy",
	Severity: audit.Medium,
	Rationale: "Its pods and those of all other namespaces reach each other without a limit: " +
		"nothing keeps a break-in in one application from becoming one in all.",
	Remediation: "Write a NetworkPolicy for all pods of the namespace that denies by default, and one for each application that allows what it needs.",
	Controls:    []string{"CIS-5.3.2", "NSA", "OWASP22-K07", "OWASP25-K05"},
	Since:       "2",
	Subjects:    []kube.Resource{kube.Namespaces},
	Reads:       []kube.Resource{kube.NetworkPolicies},
	Consults:    consultedOfNamespaces(),
	Check: eachPopulated(func(p *audit.Pass, namespace string) {
		some, doubt := hasPolicies(p.Cluster, namespace)
		switch {
		case some:
		case doubt != "":
			p.Unknown(doubt)
		default:
			p.Report(audit.Finding{
				Message: "no network policy applies to it",
				Detail:  "Namespace " + namespace + " has no NetworkPolicy, and no policy of the cluster isolates a workload of it.",
				Fixes:   []audit.Fix{denyByDefault(p.Cluster, namespace, []isolation.Direction{isolation.Ingress, isolation.Egress})},
			})
		}
	}),
}
