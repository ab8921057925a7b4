package autoscaling

import (
	"fmt"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// settling is how many minutes an autoscaler may be without figures: a new pod has none
// until metrics were collected, and the autoscaler looks every 15 s.
const settling = 5

// deliberate is the reason of a target that was scaled to zero.
const deliberate = "ScalingDisabled"

var hpaNotFunctional = &audit.Rule{
	ID:       "hpa-not-functional",
	Title:    "An autoscaler does not work",
	Severity: audit.High,
	Rationale: "The autoscaler cannot read its metrics or cannot scale its target. " +
		"The workload keeps the size it has, whatever the load.",
	Remediation: "Follow the condition's message: is metrics-server (or the adapter of the custom metric) running, " +
		"do the containers have requests, do selector and target agree? `kubectl describe hpa` shows the events.",
	Since:    "1",
	Subjects: []kube.Resource{kube.HorizontalPodAutoscalers},
	Timed:    true,
	Consults: append(targets(), kube.LimitRanges),
	Check: eachAutoscaler(func(p *audit.Pass, h *autoscalingv2.HorizontalPodAutoscaler) {
		if len(h.Status.Conditions) == 0 {
			p.NotApplicable() // not looked at yet, or a manifest
			return
		}
		for _, condition := range h.Status.Conditions {
			if condition.Status != corev1.ConditionFalse || condition.Reason == deliberate ||
				!p.Cluster.Lasted(condition.LastTransitionTime, settling) {
				continue
			}
			f := audit.Finding{Detail: fmt.Sprintf("%s is False since %s: %s",
				condition.Type, kube.Moment(condition.LastTransitionTime), condition.Message)}
			switch condition.Type {
			case autoscalingv2.AbleToScale:
				f.Path, f.Message = "spec.scaleTargetRef", "it cannot scale its target: "+condition.Reason
				f.Implied = impliedByTarget(p.Cluster, h)
			case autoscalingv2.ScalingActive:
				f.Path, f.Message = "spec.metrics", "it cannot work out a size: "+condition.Reason
				f.Implied = impliedByRequests(p.Cluster, h)
			default:
				continue
			}
			p.Report(f)
		}
	}),
}

func impliedByTarget(c *kube.Cluster, h *autoscalingv2.HorizontalPodAutoscaler) string {
	switch found, _ := findTarget(c, kube.ScaleTarget(h)); found {
	case absent, unscalable, unresolvable:
		return "hpa-target-missing"
	case present, unread:
	}
	return ""
}

func impliedByRequests(c *kube.Cluster, h *autoscalingv2.HorizontalPodAutoscaler) string {
	w := c.WorkloadScaled(kube.ScaleTarget(h))
	if w == nil {
		return ""
	}
	for _, metric := range utilizations(h) {
		if metric.fault(c, w) != "" {
			return "hpa-resource-metric-without-request"
		}
	}
	return ""
}
