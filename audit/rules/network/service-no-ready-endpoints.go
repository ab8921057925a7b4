package network

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var serviceNoReadyEndpoints = &audit.Rule{
	ID:       "service-no-ready-endpoints",
	Title:    "No pod of a Service is ready",
	Severity: audit.High,
	Rationale: "The pods exist and none of them answers, so that every connection to the Service fails. " +
		"A count of its addresses looks healthy.",
	Remediation: "Look at why the pods are not ready: a failing readiness probe, a container that restarts, a dependency that is down.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Services},
	Reads:       []kube.Resource{kube.EndpointSlices},
	Check: eachSelecting(func(p *audit.Pass, s *corev1.Service) {
		e := endpointsOf.Of(p.Cluster, s.Namespace)[s.Name]
		if p.Cluster.Info.Offline || e.all() == 0 || s.Spec.PublishNotReadyAddresses {
			p.NotApplicable()
			return
		}
		if e.ready > 0 || e.serving > 0 { // pods that end and still answer take over
			return
		}
		p.Report(audit.Finding{
			Path:    "spec.selector",
			Message: fmt.Sprintf("none of its %d endpoints is ready", e.all()),
			Detail:  "No endpoint in its EndpointSlices is ready, and none still serves while it ends.",
		})
	}),
}
