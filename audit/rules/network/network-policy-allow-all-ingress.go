package network

import (
	"fmt"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/isolation"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var networkPolicyAllowAllIngress = &audit.Rule{
	ID:        "network-policy-allow-all-ingress",
	Title:     "A network policy allows all ingress",
	Severity:  audit.Medium,
	Rationale: "Policies add up: whatever others restrict, this one lets in everybody, from every namespace and from outside. The pods only look protected.",
	Remediation: "Name the peers or the ports that are needed in the rule. " +
		"If the pods are really meant to be open, say so in an annotation and accept the finding.",
	Controls: []string{"OWASP22-K07", "OWASP25-K05"},
	Since:    "2",
	Subjects: []kube.Resource{kube.NetworkPolicies},
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.NetworkPolicies},
		Except:    "!(object.spec.?policyTypes.orValue([]).size() > 0 ? 'Ingress' in object.spec.policyTypes : true)",
		Object:    `object.spec.?ingress.orValue([]).exists(r, r.?from.orValue([]).size() == 0 && r.?ports.orValue([]).size() == 0)`,
	},
	Check: eachPolicy(func(p *audit.Pass, n *networkingv1.NetworkPolicy) {
		if !isolation.Applies(&n.Spec, isolation.Ingress) {
			p.NotApplicable()
			return
		}
		for i, r := range n.Spec.Ingress {
			if len(r.From) == 0 && len(r.Ports) == 0 {
				p.Report(audit.Finding{
					Path:    fmt.Sprintf("spec.ingress[%d]", i),
					Message: "it allows all ingress",
					Detail:  "The rule names neither a source nor a port, and so matches everything.",
				})
			}
		}
	}),
}
