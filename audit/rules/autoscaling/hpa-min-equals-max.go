package autoscaling

import (
	"fmt"

	autoscalingv2 "k8s.io/api/autoscaling/v2"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var hpaMinEqualsMax = &audit.Rule{
	ID:       "hpa-min-equals-max",
	Title:    "An autoscaler has no room to scale",
	Severity: audit.Low,
	Rationale: "The autoscaler holds the workload at one size, whatever the load. " +
		"It looks as if the workload scaled, and nobody is told that it does not.",
	Remediation: "Raise spec.maxReplicas to what the cluster can bear, or lower spec.minReplicas; " +
		"if the size is meant to be fixed, delete the autoscaler and set the workload's spec.replicas.",
	Since:    "1",
	Subjects: []kube.Resource{kube.HorizontalPodAutoscalers},
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.HorizontalPodAutoscalers},
		Object:    "object.spec.maxReplicas <= object.spec.?minReplicas.orValue(1)",
	},
	Check: eachAutoscaler(func(p *audit.Pass, h *autoscalingv2.HorizontalPodAutoscaler) {
		if !fixedSize(h) {
			return
		}
		p.Report(audit.Finding{
			Path:    "spec.maxReplicas",
			Message: fmt.Sprintf("it can only keep %d replicas", h.Spec.MaxReplicas),
			Detail:  fmt.Sprintf("spec.minReplicas is %d and spec.maxReplicas is %d.", kube.MinReplicas(h), h.Spec.MaxReplicas),
		})
	}),
}

// fixedSize reports whether an autoscaler has nothing to choose.
func fixedSize(h *autoscalingv2.HorizontalPodAutoscaler) bool {
	return h.Spec.MaxReplicas <= kube.MinReplicas(h)
}
