package resources

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var cpuUsageOverRequestThreshold = &audit.Rule{
	ID:       "cpu-usage-over-request-threshold",
	Title:    "A container uses more CPU than it requested",
	Severity: audit.Low,
	Rationale: "What is beyond the request the container has only while its neighbours leave it idle. " +
		"If it always needs as much, it becomes slow on the day when its node is full.",
	Remediation: "Look at the use over some days. If bursts are short, leave it; if it is the rule, raise resources.requests.cpu to what the container needs at its busiest.",
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Reads:       []kube.Resource{kube.Pods},
	Consults:    []kube.Resource{kube.PodMetrics, kube.Measurements, kube.VerticalPodAutoscalers, kube.LimitRanges},
	Parameters:  thresholdOf(gauge{corev1.ResourceCPU, requests}, 100),
	Check:       within(gauge{corev1.ResourceCPU, requests}),
}
