package network

import (
	"fmt"
	"strings"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var ingressWildcardOrEmptyHost = &audit.Rule{
	ID:       "ingress-wildcard-or-empty-host",
	Title:    "An Ingress takes requests for any host",
	Severity: audit.Low,
	Rationale: "It gets what is meant for hosts that nobody else claims, of other teams too: with a path it answers in their name, " +
		"and sees their cookies.",
	Remediation: "Name the hosts that are meant.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Ingresses},
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.Ingresses},
		AtFault:   `object.spec.?rules.orValue([]).map(r, r.?host.orValue('')).filter(h, h == '' || h.startsWith('*.')).map(h, h == '' ? 'any host' : h)`,
	},
	Check: eachIngress(func(p *audit.Pass, i *networkingv1.Ingress) {
		if len(i.Spec.Rules) == 0 {
			p.NotApplicable()
			return
		}
		for r, rule := range i.Spec.Rules {
			f := audit.Finding{Path: fmt.Sprintf("spec.rules[%d].host", r)}
			switch {
			case rule.Host == "":
				f.Message, f.Detail = "a rule is for any host", "The rule names no host, and so is for all that no other rule is for."
			case strings.HasPrefix(rule.Host, "*."):
				f.Message, f.Detail = "a rule is for "+rule.Host, "The rule is for every host with one more label, unless another rule names it."
			default:
				continue
			}
			p.Report(f)
		}
	}),
}
