package resources

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var cpuUnderAllocated = &audit.Rule{
	ID:       "cpu-under-allocated",
	Title:    "A workload uses many times the CPU that it requests",
	Severity: audit.Low,
	Rationale: "The scheduler places the pods as if they needed a fraction of what they use. Nodes that look free are full, " +
		"and the neighbours pay for it by waiting.",
	Remediation: "Measure the use over a week, by Prometheus or a VerticalPodAutoscaler in mode Off, and request what all but the shortest bursts need.",
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Reads:       []kube.Resource{kube.Pods},
	Consults:    []kube.Resource{kube.PodMetrics, kube.Measurements, kube.VerticalPodAutoscalers, kube.LimitRanges},
	Parameters:  []audit.Parameter{{Name: threshold, About: "how much of the CPU that they request the pods may use together, in percent", Value: 200}},
	Check:       reservesTooLittle(corev1.ResourceCPU, audit.Info, cpuUsageOverRequestThreshold.ID),
}
