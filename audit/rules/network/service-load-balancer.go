package network

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var serviceLoadBalancer = &audit.Rule{
	ID:       "service-load-balancer",
	Title:    "A load balancer is open to the world",
	Severity: audit.Info,
	Rationale: "It costs money, and with most providers it gets a public address: " +
		"whatever listens in the pods is found by scanners within minutes.",
	Remediation: "Put the Service behind an Ingress or a Gateway that exists already, limit spec.loadBalancerSourceRanges, " +
		"or ask for an internal load balancer by the annotation of the provider.",
	Since:    "2",
	Subjects: []kube.Resource{kube.Services},
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.Services},
		Variables: []audit.Variable{{Name: "internal", Expression: audit.Texts(internalMarks())}},
		Object: "object.spec.?type.orValue('') == 'LoadBalancer' && " +
			"!variables.internal.exists(i, object.metadata.?annotations[?i.split('=')[0]].orValue('').lowerAscii() == i.split('=')[1]) && " +
			"[object.spec.?loadBalancerSourceRanges.orValue([])].exists(s, s.size() == 0 || '0.0.0.0/0' in s || '::/0' in s)",
	},
	Check: eachService(func(p *audit.Pass, s *corev1.Service) {
		if !balanced(s) || internalBalancer(s) || limitedSources(s) {
			return
		}
		p.Report(audit.Finding{
			Path:    "spec.type",
			Message: "it is of type LoadBalancer, for clients from anywhere",
			Detail:  "spec.loadBalancerSourceRanges does not limit who may connect, and no known annotation asks for an internal load balancer.",
		})
	}),
}
