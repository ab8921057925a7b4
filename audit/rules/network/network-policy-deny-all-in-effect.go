package network

import (
	"fmt"
	"strings"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/isolation"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var networkPolicyDenyAllInEffect = &audit.Rule{
	ID:       "network-policy-deny-all-in-effect",
	Title:    "A policy denies by default",
	Severity: audit.Info,
	Rationale: "This is how it should be. Who looks for the reason why a connection fails should know that " +
		"pods of this namespace reach, and are reached by, only what other policies allow.",
	Remediation: "Nothing has to be done.",
	Controls:    []string{"OWASP22-K07", "OWASP25-K05"},
	Since:       "2",
	Subjects:    []kube.Resource{kube.NetworkPolicies},
	Check: eachPolicy(func(p *audit.Pass, n *networkingv1.NetworkPolicy) {
		if !isolation.SelectsAll(&n.Spec.PodSelector) {
			p.NotApplicable()
			return
		}
		var denied []string
		if isolation.Applies(&n.Spec, isolation.Ingress) && len(n.Spec.Ingress) == 0 {
			denied = append(denied, "ingress")
		}
		if isolation.Applies(&n.Spec, isolation.Egress) && len(n.Spec.Egress) == 0 {
			denied = append(denied, "egress")
		}
		if len(denied) == 0 {
			return
		}
		what := strings.Join(denied, " and ")
		p.Report(audit.Finding{
			Path:    "spec.podSelector",
			Message: fmt.Sprintf("it denies all %s by default", what),
			Detail:  fmt.Sprintf("It selects all pods of the namespace and has no rule for %s: what no other policy allows is denied.", what),
		})
	}),
}
