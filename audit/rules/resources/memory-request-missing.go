package resources

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var memoryRequestMissing = &audit.Rule{
	ID:       "memory-request-missing",
	Title:    "A container asks for no memory",
	Severity: audit.Medium,
	Rationale: "The scheduler takes the container for weightless and overfills the node. " +
		"When the node runs out of memory, containers that use more than they asked for are evicted or killed first.",
	Remediation: "Set resources.requests.memory to the most that the container was seen to use, and some 15 % more. " +
		"`kubectl top pod --containers` shows a moment, a metrics history or a VerticalPodAutoscaler in mode Off shows more. " +
		"A memory limit alone will do: it is the request, too.",
	Since:     "1",
	Subjects:  kube.WorkloadResources(),
	Reads:     []kube.Resource{kube.LimitRanges},
	Consults:  []kube.Resource{kube.Measurements, kube.VerticalPodAutoscalers},
	Admission: asksFor(requests, corev1.ResourceMemory),
	Check:     missing(requests, corev1.ResourceMemory),
}
