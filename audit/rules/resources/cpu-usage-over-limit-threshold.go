package resources

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var cpuUsageOverLimitThreshold = &audit.Rule{
	ID:       "cpu-usage-over-limit-threshold",
	Title:    "A container is close to its CPU limit",
	Severity: audit.Medium,
	Rationale: "At the limit the kernel stops the container until the next period begins, several times a second: it answers slowly, " +
		"although the CPU of its node may be idle. A probe that is answered too late ends in a restart.",
	Remediation: "Compare with container_cpu_cfs_throttled_periods_total over some days. Raise limits.cpu above what the container needs at its busiest, " +
		"or remove the limit and keep the request.",
	Since:      "2",
	Subjects:   kube.WorkloadResources(),
	Reads:      []kube.Resource{kube.Pods},
	Consults:   []kube.Resource{kube.PodMetrics, kube.Measurements, kube.VerticalPodAutoscalers, kube.LimitRanges},
	Parameters: thresholdOf(gauge{corev1.ResourceCPU, limits}, 80),
	Check:      within(gauge{corev1.ResourceCPU, limits}),
}
