package network

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var routeBackendPortMissing = &audit.Rule{
	ID:       "route-backend-port-missing",
	Title:    "A route leads to a port that the Service does not have",
	Severity: audit.High,
	Rationale: "What the rule matches is answered with an error (500 for HTTP), or its connections are closed, " +
		"although the Service exists and its pods are ready.",
	Remediation: "Set the backend's port to a port of the Service (spec.ports[].port), not to one of its pods.",
	Since:       "2",
	Subjects:    routeResources(),
	Reads:       []kube.Resource{kube.Services},
	Wide:        true, // a backend may be in any namespace
	Check: audit.Each(eachCustomOf(routeResources()...), func(p *audit.Pass, o customObject) {
		for b, ref := range serviceBackends(p, o) {
			s, held := p.Cluster.Services.Get(ref.Namespace, ref.Name)
			if !held || s.Spec.Type == corev1.ServiceTypeExternalName && len(s.Spec.Ports) == 0 {
				continue // route-backend-missing says so
			}
			if b.Port == nil {
				p.Report(audit.Finding{
					Path:    b.path,
					Message: "a backend names no port of " + ref.String(),
					Detail:  "A backend that is a Service has to name one of its ports.",
				})
				continue
			}
			if portNumbered(s, *b.Port) == nil {
				p.Report(missingPort(b.path+".port", s, fmt.Sprint(*b.Port)))
			}
		}
	}),
}

// portNumbered returns the port of a Service that has a number, nil if none has.
func portNumbered(s *corev1.Service, number int32) *corev1.ServicePort {
	for i := range s.Spec.Ports {
		if s.Spec.Ports[i].Port == number {
			return &s.Spec.Ports[i]
		}
	}
	return nil
}

// portNamed returns the port of a Service that has a name, nil if none has: a port
// without a name has none to compare.
func portNamed(s *corev1.Service, name string) *corev1.ServicePort {
	for i := range s.Spec.Ports {
		if name != "" && s.Spec.Ports[i].Name == name {
			return &s.Spec.Ports[i]
		}
	}
	return nil
}

// missingPort is the finding of a backend whose port the Service does not have.
func missingPort(path string, s *corev1.Service, wanted string) audit.Finding {
	has := make([]string, len(s.Spec.Ports))
	for i := range s.Spec.Ports {
		has[i] = portName(&s.Spec.Ports[i])
	}
	ref := kube.Services.Ref(s.Namespace, s.Name)
	return audit.Finding{
		Path:    path,
		Message: fmt.Sprintf("%s has no port %s", ref.Short(), wanted),
		Detail:  fmt.Sprintf("%s has %s.", ref, few(has)),
	}
}
