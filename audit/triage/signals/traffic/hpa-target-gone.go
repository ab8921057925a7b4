package traffic

import (
	"fmt"
	"time"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var hpaTargetGone = &triage.Detector{
	ID:    "hpa-target-gone",
	Title: "An autoscaler cannot scale its target",
	About: "The condition AbleToScale is False with FailedGetScale or FailedUpdateScale (pkg/controller/podautoscaler): what spec.scaleTargetRef " +
		"names is not there, has no scale subresource, or may not be changed. BackoffBoth and the like are no faults: the autoscaler waits by design.",
	Reads: []kube.Resource{kube.HorizontalPodAutoscalers},
	Rung:  triage.Effects,
	After: time.Minute,
	Paged: 15 * time.Minute,
	Check: func(p *triage.Pass) {
		for _, h := range p.Cluster.HorizontalPodAutoscalers.In(p.Namespace) {
			is, known := condition(h, autoscalingv2.AbleToScale)
			if !known || is.Status != corev1.ConditionFalse || is.Reason != "FailedGetScale" && is.Reason != "FailedUpdateScale" {
				continue
			}
			target := h.Spec.ScaleTargetRef
			s := triage.Signal{
				Object: kube.HorizontalPodAutoscalers.Ref(h.Namespace, h.Name), Workload: targetOf(p.Cluster, h), Raw: is.Message,
				Since: is.LastTransitionTime.Time, Severity: triage.S3, Cause: "get",
				Message: fmt.Sprintf("cannot read the scale of %s %s", target.Kind, target.Name),
			}
			if is.Reason == "FailedUpdateScale" {
				s.Cause, s.Message = "update", fmt.Sprintf("cannot change the scale of %s %s", target.Kind, target.Name)
			}
			p.Report(s)
		}
	},
}
