package resources

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var memoryUsageOverLimitThreshold = &audit.Rule{
	ID:       "memory-usage-over-limit-threshold",
	Title:    "A container is close to its memory limit",
	Severity: audit.High,
	Rationale: "At the limit the kernel kills the container in the midst of what it is doing. " +
		"With more than four fifths in use, the next burst may be enough.",
	Remediation: "See whether the use grows without end (a leak) or has a level: then raise limits.memory, and the request with it, " +
		"above the highest use of the last days. Caches and heaps can often be told their size.",
	Since:      "1",
	Subjects:   kube.WorkloadResources(),
	Reads:      []kube.Resource{kube.Pods},
	Consults:   []kube.Resource{kube.PodMetrics, kube.Measurements, kube.VerticalPodAutoscalers, kube.LimitRanges},
	Parameters: thresholdOf(gauge{corev1.ResourceMemory, limits}, 80),
	Check:      within(gauge{corev1.ResourceMemory, limits}),
}
