package autoscaling

import (
	"fmt"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// sustained is how many minutes an autoscaler has to be at its limit: peaks are
// what the limit is there for.
const sustained = 15

var hpaAtMax = &audit.Rule{
	ID:       "hpa-at-max",
	Title:    "An autoscaler is held back by its maximum",
	Severity: audit.Medium,
	Rationale: "The load asks for more replicas than the autoscaler may start. " +
		"Users wait already, and there is nothing left for more load.",
	Remediation: "See what the load is. If it is wanted, raise spec.maxReplicas to what the nodes and whatever the workload depends on can bear, " +
		"or make each replica do more.",
	Since:    "1",
	Subjects: []kube.Resource{kube.HorizontalPodAutoscalers},
	Timed:    true,
	Check: eachAutoscaler(func(p *audit.Pass, h *autoscalingv2.HorizontalPodAutoscaler) {
		if len(h.Status.Conditions) == 0 {
			p.NotApplicable() // not looked at yet, or a manifest
			return
		}
		since, limited := limitedSince(h)
		if !limited || h.Status.CurrentReplicas != h.Spec.MaxReplicas || !p.Cluster.Lasted(since, sustained) {
			return
		}
		f := audit.Finding{
			Path:    "spec.maxReplicas",
			Message: fmt.Sprintf("it is at its maximum of %d and wants more", h.Spec.MaxReplicas),
			Detail: fmt.Sprintf("ScalingLimited is True (TooManyReplicas) since %s, with %d replicas running.",
				kube.Moment(since), h.Status.CurrentReplicas),
		}
		if fixedSize(h) {
			f.Implied = "hpa-min-equals-max"
		}
		p.Report(f)
	}),
}

// limitedSince returns since when an autoscaler wants more replicas than it may
// have, false if it does not.
func limitedSince(h *autoscalingv2.HorizontalPodAutoscaler) (metav1.Time, bool) {
	for _, condition := range h.Status.Conditions {
		if condition.Type == autoscalingv2.ScalingLimited && condition.Status == corev1.ConditionTrue &&
			condition.Reason == "TooManyReplicas" {
			return condition.LastTransitionTime, true
		}
	}
	return metav1.Time{}, false
}
