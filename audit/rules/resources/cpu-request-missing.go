package resources

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var cpuRequestMissing = &audit.Rule{
	ID:       "cpu-request-missing",
	Title:    "A container asks for no CPU",
	Severity: audit.Medium,
	Rationale: "The scheduler reserves no CPU for the container and may put it on a node that has none to spare. " +
		"When CPU is short, its share is next to nothing and it all but stops; an autoscaler cannot work out its utilization.",
	Remediation: "Set resources.requests.cpu to what the container uses in a busy hour, at the 95th percentile. " +
		"`kubectl top pod --containers` shows a moment, a metrics history or a VerticalPodAutoscaler in mode Off shows more. " +
		"A LimitRange of the namespace can fill in a modest default.",
	Since:     "1",
	Subjects:  kube.WorkloadResources(),
	Reads:     []kube.Resource{kube.LimitRanges},
	Consults:  []kube.Resource{kube.Measurements, kube.VerticalPodAutoscalers},
	Admission: asksFor(requests, corev1.ResourceCPU),
	Check:     missing(requests, corev1.ResourceCPU),
}
