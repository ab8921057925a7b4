package autoscaling

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var hpaBurstExceedsMemoryCapacity = &audit.Rule{
	ID:       "hpa-burst-exceeds-memory-capacity",
	Title:    "An autoscaler may ask for more memory than there is",
	Severity: audit.Low,
	Rationale: "The maximum promises replicas that no node can take. When the load comes they stay pending, " +
		"and nobody has planned for that.",
	Remediation: "Lower spec.maxReplicas to what the nodes can bear, add nodes, or let a node autoscaler do so. " +
		"See whether the pods request more memory than they use.",
	Since:    "2",
	Subjects: []kube.Resource{kube.HorizontalPodAutoscalers},
	Reads:    burstReads(),
	Consults: burstConsults(),
	Wide:     true,
	Check:    alone(corev1.ResourceMemory),
}
