package traffic

import (
	"strings"
	"time"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var hpaBlind = &triage.Detector{
	ID:    "hpa-blind",
	Title: "An autoscaler cannot read its metrics",
	About: "The condition ScalingActive is False with FailedGet…Metric, or because its selector or a metric source is invalid " +
		"(pkg/controller/podautoscaler): the number of pods stays what it is, however busy they are. ScalingDisabled is no fault: the target has " +
		"no replicas. In the first minutes of new pods there are no metrics of them yet.",
	Reads: []kube.Resource{kube.HorizontalPodAutoscalers},
	Helps: []kube.Resource{kube.Deployments, kube.StatefulSets},
	Rung:  triage.Effects,
	After: 3 * time.Minute,
	Paged: 15 * time.Minute,
	Check: func(p *triage.Pass) {
		for _, h := range p.Cluster.HorizontalPodAutoscalers.In(p.Namespace) {
			is, known := condition(h, autoscalingv2.ScalingActive)
			if !known || is.Status != corev1.ConditionFalse || is.Reason == "ScalingDisabled" {
				continue
			}
			s := triage.Signal{
				Object: kube.HorizontalPodAutoscalers.Ref(h.Namespace, h.Name), Workload: targetOf(p.Cluster, h), Raw: is.Message,
				Since: is.LastTransitionTime.Time, Severity: triage.S3, Cause: "unparsed", Message: "cannot scale: " + is.Reason,
			}
			switch {
			case is.Reason == "FailedGetResourceMetric" || is.Reason == "FailedGetContainerResourceMetric":
				s.Cause, s.Message = "resource-metric", "cannot read the resource metrics of its pods"
				s.Keys = []triage.Key{{Kind: triage.ByAPIService, Name: "v1beta1.metrics.k8s.io"}}
				if strings.Contains(is.Message, "missing request for") {
					s.Cause, s.Message, s.Keys = "no-request", "cannot work out utilization: a container declares no request", nil
				}
			case is.Reason == "FailedGetExternalMetric":
				s.Cause, s.Message = "external-metric", "cannot read an external metric"
				s.Keys = []triage.Key{{Kind: triage.ByAPIService, Name: "v1beta1.external.metrics.k8s.io"}}
			case strings.HasPrefix(is.Reason, "FailedGet"):
				s.Cause, s.Message = "custom-metric", "cannot read a custom metric"
				s.Keys = []triage.Key{{Kind: triage.ByAPIService, Name: "v1beta1.custom.metrics.k8s.io"}}
			case strings.Contains(is.Reason, "Selector"):
				s.Cause, s.Message = "selector", "its target's selector is invalid or shared with another autoscaler"
			case is.Reason == "InvalidMetricSourceType":
				s.Cause, s.Message = "metric-source", "names a metric source that does not exist"
			}
			if h.Spec.MaxReplicas > 0 && h.Status.CurrentReplicas < h.Spec.MaxReplicas && saturated(h) {
				s.Severity = triage.S2
			}
			p.Report(s)
		}
	},
}

// saturated reports whether a metric that an autoscaler read last was above its
// target.
func saturated(h *autoscalingv2.HorizontalPodAutoscaler) bool {
	for _, m := range h.Spec.Metrics {
		if m.Resource == nil || m.Resource.Target.AverageUtilization == nil {
			continue
		}
		for _, current := range h.Status.CurrentMetrics {
			if current.Resource != nil && current.Resource.Name == m.Resource.Name && current.Resource.Current.AverageUtilization != nil &&
				*current.Resource.Current.AverageUtilization > *m.Resource.Target.AverageUtilization {
				return true
			}
		}
	}
	return false
}
