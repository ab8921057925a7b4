package autoscaling

import (
	"fmt"
	"strings"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var hpaResourceMetricWithoutRequest = &audit.Rule{
	ID:       "hpa-resource-metric-without-request",
	Title:    "An autoscaler cannot work out utilization",
	Severity: audit.High,
	Rationale: "Utilization is use divided by request. One container without a request is enough " +
		"for the autoscaler to give up on the whole metric, and the workload does not scale when load comes.",
	Remediation: "Give every container of the target, sidecars too, a request for the resource, as measured; " +
		"or use a ContainerResource metric for the container that matters, or a target of type AverageValue, which needs no request.",
	Since:    "1",
	Subjects: []kube.Resource{kube.HorizontalPodAutoscalers},
	Reads:    []kube.Resource{kube.LimitRanges},
	Consults: targets(),
	Check: eachAutoscaler(func(p *audit.Pass, h *autoscalingv2.HorizontalPodAutoscaler) {
		metrics := utilizations(h)
		if len(metrics) == 0 {
			p.NotApplicable()
			return
		}
		target := kube.ScaleTarget(h)
		w := p.Cluster.WorkloadScaled(target)
		if w == nil {
			found, why := findTarget(p.Cluster, target)
			switch found {
			case absent, unscalable, unresolvable:
				p.NotApplicable() // hpa-target-missing has it
			case present, unread:
				p.Unknown(strings.TrimPrefix(why+"; the pods of its target are not known", "; "))
			}
			return
		}
		for _, m := range metrics {
			if message := m.fault(p.Cluster, w); message != "" {
				p.Report(audit.Finding{
					Path:    m.path,
					Message: message,
					Detail: fmt.Sprintf("The metric compares the use of %s with its request, and %s has none there. "+
						"No LimitRange of the namespace fills one in.", m.resource, w.Ref.Short()),
				})
			}
		}
	}),
}

// utilization is a metric whose target is a share of a request.
type utilization struct {
	path      string // of the metric
	resource  corev1.ResourceName
	container string // "" for all of the pod
}

// utilizations returns the metrics of an autoscaler that need requests. Without
// any metric the API assumes one, 80 % of CPU.
func utilizations(h *autoscalingv2.HorizontalPodAutoscaler) []utilization {
	if len(h.Spec.Metrics) == 0 {
		return []utilization{{path: "spec.metrics", resource: corev1.ResourceCPU}}
	}
	var all []utilization
	for i, m := range h.Spec.Metrics {
		path := fmt.Sprintf("spec.metrics[%d]", i)
		if r := m.Resource; r != nil && r.Target.Type == autoscalingv2.UtilizationMetricType {
			all = append(all, utilization{path + ".resource.name", r.Name, ""})
		}
		if r := m.ContainerResource; r != nil && r.Target.Type == autoscalingv2.UtilizationMetricType {
			all = append(all, utilization{path + ".containerResource.container", r.Name, r.Container})
		}
	}
	return all
}

// fault returns why the metric cannot be worked out, "" if it can.
func (u utilization) fault(c *kube.Cluster, w *kube.Workload) string {
	if u.container != "" && !hasContainer(w, u.container) {
		return fmt.Sprintf("%s has no container %s to measure", w.Ref.Short(), u.container)
	}
	without := lacking(c, w, u.resource, u.container)
	if len(without) == 0 {
		return ""
	}
	return fmt.Sprintf("%s utilization is unknown: no request in %s", u.resource, strings.Join(without, ", "))
}

func hasContainer(w *kube.Workload, name string) bool {
	for c := range w.Containers() {
		if c.Name == name && c.LongRunning() {
			return true
		}
	}
	return false
}
