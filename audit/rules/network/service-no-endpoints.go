package network

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var serviceNoEndpoints = &audit.Rule{
	ID:        "service-no-endpoints",
	Title:     "A Service has no endpoints",
	Severity:  audit.High,
	Rationale: "Every connection to it fails: there is no pod that could be chosen, ready or not.",
	Remediation: "Find out why there are no pods: `kubectl describe` of the workload names a quota, a failed admission or a node that is missing. " +
		"If there are, compare their labels with spec.selector.",
	Since:    "2",
	Subjects: []kube.Resource{kube.Services},
	Reads:    []kube.Resource{kube.EndpointSlices},
	Consults: append(kube.WorkloadResources(), kube.HorizontalPodAutoscalers),
	Check: eachSelecting(func(p *audit.Pass, s *corev1.Service) {
		served := p.Cluster.WorkloadsServed(s)
		if p.Cluster.Info.Offline || len(served) > 0 && (scaledToZero(p.Cluster, served) || runToCompletion(served)) {
			p.NotApplicable()
			return
		}
		if endpointsOf.Of(p.Cluster, s.Namespace)[s.Name].all() > 0 {
			return
		}
		f := audit.Finding{
			Path:    "spec.selector",
			Message: "it has no endpoints",
			Detail:  "No EndpointSlice of the Service has an address.",
		}
		if len(served) == 0 && !selectsRunning(p.Cluster, s) && unseen(p.Cluster, s.Namespace) == "" {
			f.Implied = "service-selects-no-pods"
		}
		p.Report(f)
	}),
}
