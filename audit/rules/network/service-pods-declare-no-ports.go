package network

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var servicePodsDeclareNoPorts = &audit.Rule{
	ID:       "service-pods-declare-no-ports",
	Title:    "The pods of a Service declare no ports",
	Severity: audit.Info,
	Rationale: "Nobody can tell whether the Service leads to a port that something listens on, " +
		"and neither can tools that derive network policies.",
	Remediation: "Declare the ports that the containers listen on, with names, and let targetPort refer to those.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Services},
	Consults:    kube.WorkloadResources(),
	Check: eachServing(func(p *audit.Pass, s *corev1.Service, served []*kube.Workload) {
		if slices.ContainsFunc(served, declaresPorts) {
			return
		}
		p.Report(audit.Finding{
			Path:    "spec.ports",
			Message: "its pods declare no ports",
			Detail:  "No container of " + shortNames(served) + " declares a port, so that those of the Service cannot be checked.",
		})
	}),
}
