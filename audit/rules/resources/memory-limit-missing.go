package resources

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var memoryLimitMissing = &audit.Rule{
	ID:       "memory-limit-missing",
	Title:    "Nothing bounds a container's memory",
	Severity: audit.Medium,
	Rationale: "A leak or a burst in the container takes the memory of the whole node. " +
		"The kernel or the kubelet then kills other people's pods as well.",
	Remediation: "Set resources.limits.memory above the most that the container was seen to use, and keep the request close to it: " +
		"memory cannot be throttled, only taken by killing. " +
		"Watch working set and restarts for OOMKilled after the change.",
	Controls:  []string{"NSA"},
	Since:     "1",
	Subjects:  kube.WorkloadResources(),
	Reads:     []kube.Resource{kube.LimitRanges},
	Consults:  []kube.Resource{kube.Measurements, kube.VerticalPodAutoscalers},
	Admission: asksFor(limits, corev1.ResourceMemory),
	Check:     missing(limits, corev1.ResourceMemory),
}
