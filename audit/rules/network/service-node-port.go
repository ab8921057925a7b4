package network

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var serviceNodePort = &audit.Rule{
	ID:       "service-node-port",
	Title:    "A Service opens a port on every node",
	Severity: audit.Low,
	Rationale: "Whoever reaches the address of any node reaches the pods, past Ingresses, their TLS and their authentication. " +
		"Network policies that allow nodes cannot tell the clients apart.",
	Remediation: "Use a Service of type ClusterIP behind an Ingress or a Gateway, or one of type LoadBalancer.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Services},
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.Services},
		Object:    "object.spec.?type.orValue('') == 'NodePort'",
	},
	Check: eachService(func(p *audit.Pass, s *corev1.Service) {
		if !onNodes(s) {
			return
		}
		fix := audit.Fix{
			Title: "keep the Service inside the cluster",
			Edits: []audit.Edit{{Path: "spec.type", Value: string(corev1.ServiceTypeClusterIP)}},
			Risk:  "Clients that use the port of a node lose their connection.",
		}
		for i := range s.Spec.Ports {
			if s.Spec.Ports[i].NodePort != 0 {
				fix.Edits = append(fix.Edits, audit.Edit{Op: audit.Remove, Path: fmt.Sprintf("spec.ports[%d].nodePort", i)})
			}
		}
		if s.Spec.ExternalTrafficPolicy != "" {
			fix.Edits = append(fix.Edits, audit.Edit{Op: audit.Remove, Path: "spec.externalTrafficPolicy"})
		}
		p.Report(audit.Finding{
			Path:    "spec.type",
			Message: "it is of type NodePort",
			Detail:  fmt.Sprintf("Each node forwards %d ports of its own to the pods.", len(s.Spec.Ports)),
			Fixes:   []audit.Fix{fix},
		})
	}),
}
