package resources

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var memoryUsageOverRequestThreshold = &audit.Rule{
	ID:       "memory-usage-over-request-threshold",
	Title:    "A container uses more memory than it requested",
	Severity: audit.Medium,
	Rationale: "The scheduler reserved less than the container uses. When its node runs short of memory, " +
		"pods above their requests are the first that the kubelet evicts and the kernel kills.",
	Remediation: "Raise resources.requests.memory to the most that the container used over some days; see first whether its use grows without end.",
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Reads:       []kube.Resource{kube.Pods},
	Consults:    []kube.Resource{kube.PodMetrics, kube.Measurements, kube.VerticalPodAutoscalers, kube.LimitRanges},
	Parameters:  thresholdOf(gauge{corev1.ResourceMemory, requests}, 100),
	Check:       within(gauge{corev1.ResourceMemory, requests}),
}
