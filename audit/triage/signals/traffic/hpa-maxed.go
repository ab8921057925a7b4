package traffic

import (
	"fmt"
	"time"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var hpaMaxed = &triage.Detector{
	ID:    "hpa-maxed",
	Title: "An autoscaler would scale further than it may",
	About: "The condition ScalingLimited is True with TooManyReplicas, and the target has spec.maxReplicas: it needs more than that. " +
		"TooFewReplicas (it would go below the minimum), ScaleUpLimit and ScaleDownLimit are normal, and so is an autoscaler whose minimum is its maximum.",
	Reads: []kube.Resource{kube.HorizontalPodAutoscalers},
	Rung:  triage.Capacity,
	After: 15 * time.Minute,
	Paged: 15 * time.Minute,
	Check: func(p *triage.Pass) {
		for _, h := range p.Cluster.HorizontalPodAutoscalers.In(p.Namespace) {
			is, known := condition(h, autoscalingv2.ScalingLimited)
			least := int32(1)
			if h.Spec.MinReplicas != nil {
				least = *h.Spec.MinReplicas
			}
			if !known || is.Status != corev1.ConditionTrue || is.Reason != "TooManyReplicas" ||
				h.Status.CurrentReplicas < h.Spec.MaxReplicas || least == h.Spec.MaxReplicas {
				continue
			}
			p.Report(triage.Signal{
				Object: kube.HorizontalPodAutoscalers.Ref(h.Namespace, h.Name), Workload: targetOf(p.Cluster, h), Raw: is.Message,
				Since: is.LastTransitionTime.Time, Severity: triage.S3, Message: fmt.Sprintf("at its maximum of %d replicas and needs more", h.Spec.MaxReplicas),
			})
		}
	},
}
