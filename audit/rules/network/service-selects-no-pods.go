package network

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var serviceSelectsNoPods = &audit.Rule{
	ID:       "service-selects-no-pods",
	Title:    "A Service selects no pods",
	Severity: audit.High,
	Rationale: "Every connection to it fails. Usually a label was renamed in the pod template or in the Service, " +
		"or the Service is in another namespace than the pods.",
	Remediation: "Compare spec.selector with the labels of the pod template that it is meant for, or delete the Service if that is gone.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Services},
	Consults:    append(kube.WorkloadResources(), kube.HorizontalPodAutoscalers, kube.Canaries),
	Check: eachSelecting(func(p *audit.Pass, s *corev1.Service) {
		served := p.Cluster.WorkloadsServed(s)
		switch idle := len(served) > 0 && scaledToZero(p.Cluster, served); {
		case len(served) > 0 && !idle:
		case selectsRunning(p.Cluster, s):
		case idle && delivered(p.Cluster, served):
			p.NotApplicable() // for while a new version is tried
		case idle:
			p.Report(audit.Finding{
				Severity: audit.Info,
				Path:     "spec.selector",
				Message:  shortNames(served) + " is scaled to zero",
				Detail:   "What it selects is meant to have no pods at present, so that connections to it fail.",
			})
		default:
			judgeDangling(p, s)
		}
	}),
}

// judgeDangling judges a Service that selects nothing the view holds. In manifests
// that may be a pod which an operator creates, unless a workload of the Service's
// own name has other labels.
func judgeDangling(p *audit.Pass, s *corev1.Service) {
	f := audit.Finding{
		Path:    "spec.selector",
		Message: "it selects no pods",
		Detail:  "Neither a pod nor the pod template of a workload of its namespace has the labels.",
	}
	for _, w := range p.Cluster.WorkloadsIn(s.Namespace) {
		if w.Ref.Name == s.Name {
			f.Detail += fmt.Sprintf(" Those of %s, which has its name, differ.", w.Ref.Short())
			p.Report(f)
			return
		}
	}
	if why := unseen(p.Cluster, s.Namespace); why != "" {
		p.Unknown(why)
		return
	}
	p.Report(f)
}
