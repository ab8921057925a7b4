package network

import (
	"fmt"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/isolation"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var networkPolicyAllowAllEgress = &audit.Rule{
	ID:        "network-policy-allow-all-egress",
	Title:     "A network policy allows all egress",
	Severity:  audit.Low,
	Rationale: "Policies add up: whatever others restrict, this one lets the pods connect to everything, the internet among it. The pods only look protected.",
	Remediation: "Name the peers or the ports that are needed in the rule. " +
		"If the pods are really meant to be open, say so in an annotation and accept the finding.",
	Controls: []string{"OWASP22-K07", "OWASP25-K05"},
	Since:    "2",
	Subjects: []kube.Resource{kube.NetworkPolicies},
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.NetworkPolicies},
		Except:    `!(object.spec.?policyTypes.orValue([]).size() > 0 ? 'Egress' in object.spec.policyTypes : object.spec.?egress.orValue([]).size() > 0)`,
		Object:    "object.spec.?egress.orValue([]).exists(r, r.?to.orValue([]).size() == 0 && r.?ports.orValue([]).size() == 0)",
	},
	Check: eachPolicy(func(p *audit.Pass, n *networkingv1.NetworkPolicy) {
		if !isolation.Applies(&n.Spec, isolation.Egress) {
			p.NotApplicable()
			return
		}
		for i, r := range n.Spec.Egress {
			if len(r.To) == 0 && len(r.Ports) == 0 {
				p.Report(audit.Finding{
					Path:    fmt.Sprintf("spec.egress[%d]", i),
					Message: "it allows all egress",
					Detail:  "The rule names neither a destination nor a port, and so matches everything.",
				})
			}
		}
	}),
}
