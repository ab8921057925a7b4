package autoscaling

import (
	"fmt"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var hpaMissing = &audit.Rule{
	ID:       "hpa-missing",
	Title:    "Nothing scales a workload that serves traffic",
	Severity: audit.Info,
	Rationale: "The workload has the same size at night and at noon. " +
		"Where load varies, either pods are paid for that do nothing, or users wait.",
	Remediation: "Where load varies, add a HorizontalPodAutoscaler with requests to measure by, or a ScaledObject of KEDA. " +
		"Where it does not, or where two instances must not run at once, leave it.",
	Since:    "2",
	Subjects: []kube.Resource{kube.Deployments},
	Reads:    []kube.Resource{kube.Services, kube.HorizontalPodAutoscalers},
	Consults: []kube.Resource{kube.VerticalPodAutoscalers, kube.ScaledObjects, kube.LimitRanges, kube.Measurements},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		d, ok := w.Object.(*appsv1.Deployment)
		services := p.Cluster.ServicesSelecting(w)
		if !ok || len(services) == 0 || *w.Replicas == 0 || d.Spec.Strategy.Type == appsv1.RecreateDeploymentStrategyType {
			p.NotApplicable()
			return
		}
		if len(p.Cluster.AutoscalersOf(w)) > 0 || customTargets.Of(p.Cluster, w.Ref.Namespace)[w.Ref] {
			return
		}
		if doubt := unreadAutoscalers(p.Cluster, w.Ref.Namespace); doubt != "" {
			p.Unknown(doubt)
			return
		}
		i := slices.IndexFunc(services, func(s *corev1.Service) bool { return s.Spec.Type != corev1.ServiceTypeExternalName })
		if i < 0 {
			p.NotApplicable()
			return
		}
		f := audit.Finding{
			Path:    "spec.replicas",
			Message: fmt.Sprintf("a Service sends it traffic, and its size is always %d", *w.Replicas),
			Detail: fmt.Sprintf("Service %s selects its pods. No HorizontalPodAutoscaler, ScaledObject or VerticalPodAutoscaler names it.",
				services[i].Name),
		}
		f.Fixes, f.Placeholder = suggest(p.Cluster, d, w)
		p.Report(f)
	}),
}

// unreadAutoscalers returns which autoscalers there may be that the view cannot
// see; "" if there are none. A kind that is not installed has no objects.
func unreadAutoscalers(c *kube.Cluster, namespace string) string {
	for _, r := range [...]kube.Resource{kube.ScaledObjects, kube.VerticalPodAutoscalers} {
		if state, blind := c.Blind(r, namespace); blind && state.Phase != kube.Absent {
			return fmt.Sprintf("%s: %s", r, state.Phase)
		}
	}
	return ""
}
