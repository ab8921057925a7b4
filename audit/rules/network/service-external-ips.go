package network

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var serviceExternalIPs = &audit.Rule{
	ID:       "service-external-ips",
	Title:    "A Service takes over IP addresses",
	Severity: audit.High,
	Rationale: "Every node sends what is meant for the addresses to the pods of the Service, whoever they belong to. " +
		"A Service with the address of a name server or of another team reads along (CVE-2020-8554).",
	Remediation: "Use a Service of type LoadBalancer, and forbid spec.externalIPs by the admission plugin DenyServiceExternalIPs.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Services},
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.Services},
		AtFault:   "object.spec.?externalIPs.orValue([])",
	},
	Check: eachService(func(p *audit.Pass, s *corev1.Service) {
		if len(s.Spec.ExternalIPs) == 0 {
			return
		}
		p.Report(audit.Finding{
			Path:    "spec.externalIPs",
			Message: "it takes over " + strings.Join(s.Spec.ExternalIPs, ", "),
			Detail:  fmt.Sprintf("spec.externalIPs has %d addresses. Kubernetes does not check whom they belong to.", len(s.Spec.ExternalIPs)),
			Fixes: []audit.Fix{{
				Title: "give the addresses back",
				Edits: []audit.Edit{{Op: audit.Remove, Path: "spec.externalIPs"}},
				Risk:  "Clients that use one of the addresses lose their connection.",
			}},
		})
	}),
}
