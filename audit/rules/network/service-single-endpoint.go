package network

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var serviceSingleEndpoint = &audit.Rule{
	ID:       "service-single-endpoint",
	Title:    "One pod is left to a Service",
	Severity: audit.Low,
	Rationale: "The workload is meant to have several replicas and a single one of them is ready: " +
		"it bears all the load, and when it goes the Service is down.",
	Remediation: "Look at why the other pods are not ready, or not there.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Services},
	Reads:       []kube.Resource{kube.EndpointSlices, kube.HorizontalPodAutoscalers},
	Consults:    kube.WorkloadResources(),
	Check: eachServing(func(p *audit.Pass, s *corev1.Service, served []*kube.Workload) {
		replicas := 0
		for _, w := range served {
			desired, _ := p.Cluster.DesiredReplicas(w)
			replicas += int(desired)
		}
		if p.Cluster.Info.Offline || replicas < 2 {
			p.NotApplicable() // single-replica says so of the workload
			return
		}
		if endpointsOf.Of(p.Cluster, s.Namespace)[s.Name].ready != 1 {
			return
		}
		p.Report(audit.Finding{
			Path:    "spec.selector",
			Message: fmt.Sprintf("one endpoint of %d is ready", replicas),
			Detail:  fmt.Sprintf("%s should have %d replicas, and one endpoint of the Service is ready.", shortNames(served), replicas),
		})
	}),
}
