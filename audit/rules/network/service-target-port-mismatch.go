package network

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var serviceTargetPortMismatch = &audit.Rule{
	ID:       "service-target-port-mismatch",
	Title:    "A port of a Service leads nowhere",
	Severity: audit.High,
	Rationale: "A name that no container declares resolves to no port: connections to the Service fail, although its pods are ready. " +
		"A number that no container declares may still be served, for declarations are for information; more often it is a slip.",
	Remediation: "Set targetPort to the name or number of a port that the containers declare and listen on.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Services},
	Consults:    kube.WorkloadResources(),
	Check: eachServing(func(p *audit.Pass, s *corev1.Service, served []*kube.Workload) {
		for i := range s.Spec.Ports {
			port := &s.Spec.Ports[i]
			to, declared := target(port), containerPorts(served, port.Protocol)
			path := fmt.Sprintf("spec.ports[%d].targetPort", i)
			switch {
			case to.Type == intstr.String:
				judgeTargetName(p, path, port, served, declared)
			case headless(s) || len(declared) == 0:
				// Clients choose the port themselves, or nothing is known of it.
			case !slices.ContainsFunc(declared, func(d corev1.ContainerPort) bool { return d.ContainerPort == to.IntVal }):
				p.Report(audit.Finding{
					Severity: audit.Low,
					Path:     path,
					Message:  fmt.Sprintf("no container declares port %d", to.IntVal),
					Detail: fmt.Sprintf("The Service's %s leads to port %d of %s, whose containers declare others.",
						portName(port), to.IntVal, shortNames(served)),
				})
			}
		}
	}),
}

func judgeTargetName(p *audit.Pass, path string, port *corev1.ServicePort, served []*kube.Workload, declared []corev1.ContainerPort) {
	name := port.TargetPort.StrVal
	if slices.ContainsFunc(declared, func(d corev1.ContainerPort) bool { return d.Name == name }) {
		return
	}
	protocol := protocolOf(port.Protocol)
	f := audit.Finding{
		Path:    path,
		Message: fmt.Sprintf("no container has a port named %s", name),
		Detail: fmt.Sprintf("The Service's %s leads to a %s port named %s, which no container of %s declares.",
			portName(port), protocol, name, shortNames(served)),
	}
	if only, ok := onlyPort(declared); ok {
		value := any(int64(only.ContainerPort))
		if only.Name != "" {
			value = only.Name
		}
		fix := audit.SetField(fmt.Sprintf("lead to port %v, the only one that is declared", value), path, value)
		fix.Risk = "Clients reach what listens there, which need not be what the Service was meant for."
		f.Fixes = []audit.Fix{fix}
	}
	p.Report(f)
}

// onlyPort returns the one port that is declared, by however many workloads; false
// if there are several or none.
func onlyPort(declared []corev1.ContainerPort) (corev1.ContainerPort, bool) {
	if len(declared) == 0 {
		return corev1.ContainerPort{}, false
	}
	first := declared[0]
	same := !slices.ContainsFunc(declared, func(d corev1.ContainerPort) bool {
		return d.Name != first.Name || d.ContainerPort != first.ContainerPort
	})
	return first, same
}
