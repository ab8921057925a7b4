package resources

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var cpuOverAllocated = &audit.Rule{
	ID:       "cpu-over-allocated",
	Title:    "A workload uses a small part of the CPU that it requests",
	Severity: audit.Info,
	Rationale: "What is requested is paid for and kept from others, whether it is used or not. " +
		"A single sample proves little: the pods may be idle because it is night, or because they wait for the peak that the request is for.",
	Remediation: "Measure the use over a week, by Prometheus or a VerticalPodAutoscaler in mode Off. Lower resources.requests.cpu only to what the busiest hour needs.",
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Reads:       []kube.Resource{kube.Pods},
	Consults:    []kube.Resource{kube.PodMetrics, kube.Measurements, kube.VerticalPodAutoscalers, kube.LimitRanges},
	Parameters:  []audit.Parameter{{Name: threshold, About: "how much of the CPU that they request the pods should use together, in percent", Value: 50}},
	Check:       reservesTooMuch(corev1.ResourceCPU),
}
