package network

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var ingressBackendPortMissing = &audit.Rule{
	ID:          "ingress-backend-port-missing",
	Title:       "An Ingress leads to a port that the Service does not have",
	Severity:    audit.High,
	Rationale:   "Clients get an error (503 with most controllers), although the Service exists and its pods are ready.",
	Remediation: "Set the backend's port to a port of the Service (spec.ports[]), by its number or its name, not to one of its pods.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Ingresses},
	Reads:       []kube.Resource{kube.Services},
	Check: eachServiceBackend(func(p *audit.Pass, i *networkingv1.Ingress, b backend) {
		s, held := p.Cluster.Services.Get(i.Namespace, b.Service.Name)
		if !held || s.Spec.Type == corev1.ServiceTypeExternalName {
			return // the rule about Services says so; an alias has whatever ports are there
		}
		path := b.path + ".service.port"
		var f audit.Finding
		switch port := b.Service.Port; {
		case port.Name != "" && portNamed(s, port.Name) == nil && !byAnnotation(i, b.Service):
			f = missingPort(path+".name", s, port.Name)
		case port.Name == "" && port.Number != 0 && portNumbered(s, port.Number) == nil:
			f = missingPort(path+".number", s, fmt.Sprint(port.Number))
		default:
			return
		}
		if len(s.Spec.Ports) == 1 {
			f.Fixes = []audit.Fix{leadTo(path, &b.Service.Port, &s.Spec.Ports[0])}
		}
		p.Report(f)
	}),
}

// leadTo is the fix that leads to the only port of a Service, by its number if the
// backend had one.
func leadTo(path string, was *networkingv1.ServiceBackendPort, only *corev1.ServicePort) audit.Fix {
	fix := audit.Fix{
		Title: "lead to " + portName(only) + ", the only one that the Service has",
		Risk:  "Clients reach what listens there, which need not be what the path was meant for.",
	}
	switch {
	case was.Name == "":
		fix.Edits = []audit.Edit{{Path: path + ".number", Value: int64(only.Port)}}
	case only.Name != "":
		fix.Edits = []audit.Edit{{Path: path + ".name", Value: only.Name}}
	default:
		fix.Edits = []audit.Edit{{Op: audit.Remove, Path: path + ".name"}, {Path: path + ".number", Value: int64(only.Port)}}
	}
	return fix
}
