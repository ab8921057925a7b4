package network

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var serviceExternalName = &audit.Rule{
	ID:       "service-external-name",
	Title:    "A Service is an alias of a name elsewhere",
	Severity: audit.Low,
	Rationale: "Whoever controls the name decides where clients connect to, inside the cluster too; " +
		"an Ingress with such a backend publishes whatever the name leads to. Clients also see a host that no certificate and no Host header expects.",
	Remediation: "Have clients use the name itself, or make a Service without a selector, with an EndpointSlice of known addresses.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Services},
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.Services},
		Object:    "object.spec.?type.orValue('') == 'ExternalName'",
	},
	Check: eachService(func(p *audit.Pass, s *corev1.Service) {
		if s.Spec.Type != corev1.ServiceTypeExternalName {
			return
		}
		p.Report(audit.Finding{
			Path:    "spec.externalName",
			Message: "it is an alias of " + s.Spec.ExternalName,
			Detail:  "The cluster's name servers answer with a CNAME, and no network policy selects by it.",
		})
	}),
}
