package network

import (
	"fmt"
	"slices"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var ingressWithoutTLS = &audit.Rule{
	ID:       "ingress-without-tls",
	Title:    "An Ingress serves a host without TLS",
	Severity: audit.Medium,
	Rationale: "Whoever is between the client and the cluster reads and changes what is sent, passwords and cookies among it. " +
		"Browsers call the site insecure.",
	Remediation: "List the host in spec.tls with a Secret that has its certificate; cert-manager makes one from an annotation. " +
		"Where a load balancer in front terminates TLS, accept the finding.",
	Since:    "2",
	Subjects: []kube.Resource{kube.Ingresses},
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.Ingresses},
		Variables: []audit.Variable{{Name: "elsewhere", Expression: audit.Texts(terminations())}},
		Except: "object.spec.?ingressClassName.or(object.metadata.?annotations[?'" + classAnnotation + "']).orValue('') == 'tailscale' || " +
			"variables.elsewhere.exists(e, [object.metadata.?annotations[?e.split('=')[0]].orValue('')].exists(v, v != '' && v.contains(e.split('=')[1])))",
		Object: "object.spec.?tls.orValue([]).size() == 0 || object.spec.?rules.orValue([]).exists(r, r.?host.orValue('') != '' && " +
			"!object.spec.tls.exists(t, t.?hosts.orValue([]).size() == 0 || t.hosts.exists(h, h.lowerAscii() == r.host.lowerAscii() || " +
			"h.lowerAscii() == '*' + (r.host.contains('.') ? r.host.lowerAscii().substring(r.host.indexOf('.')) : '.'))))",
	},
	Check: eachIngress(func(p *audit.Pass, i *networkingv1.Ingress) {
		if terminatedElsewhere(i) != "" || className(i) == "tailscale" {
			return
		}
		if len(i.Spec.TLS) == 0 {
			p.Report(audit.Finding{
				Path:    "spec.tls",
				Message: "it has no TLS",
				Detail:  "spec.tls is empty, and no known annotation says that its connections are encrypted by other means.",
			})
			return
		}
		for r, rule := range i.Spec.Rules {
			if rule.Host == "" || slices.ContainsFunc(i.Spec.TLS, func(t networkingv1.IngressTLS) bool { return secures(t, rule.Host) }) {
				continue
			}
			p.Report(audit.Finding{
				Path:    fmt.Sprintf("spec.rules[%d].host", r),
				Message: fmt.Sprintf("host %s has no TLS", rule.Host),
				Detail:  "No item of spec.tls is for the host.",
			})
		}
	}),
}

// secures reports whether an item of spec.tls is for a host: without hosts it is
// for all.
func secures(t networkingv1.IngressTLS, host string) bool {
	return len(t.Hosts) == 0 || slices.ContainsFunc(t.Hosts, func(pattern string) bool { return covers(pattern, host) })
}
