package network

import (
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var ingressBackendInvalid = &audit.Rule{
	ID:          "ingress-backend-invalid",
	Title:       "A backend of an Ingress is incomplete",
	Severity:    audit.High,
	Rationale:   "The API server refuses the Ingress, so that the whole rollout fails at its door.",
	Remediation: "Give the backend a Service with the name or the number of a port, or a resource, and not more than one of each.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Ingresses},
	Check: eachIngress(func(p *audit.Pass, i *networkingv1.Ingress) {
		backends := backendsOf(i)
		if len(backends) == 0 {
			p.NotApplicable()
			return
		}
		for _, b := range backends {
			path, fault := b.path, ""
			switch {
			case b.Service == nil && b.Resource == nil:
				fault = "a backend is neither a Service nor a resource"
			case b.Service != nil && b.Resource != nil:
				fault = "a backend is both a Service and a resource"
			case b.Service != nil && b.Service.Port.Name == "" && b.Service.Port.Number == 0:
				path, fault = b.path+".service.port", "a backend has neither the name nor the number of a port"
			case b.Service != nil && b.Service.Port.Name != "" && b.Service.Port.Number != 0:
				path, fault = b.path+".service.port", "a backend has both the name and the number of a port"
			}
			if fault != "" {
				p.Report(audit.Finding{Path: path, Message: fault, Detail: "The API takes exactly one of the two."})
			}
		}
	}),
}
