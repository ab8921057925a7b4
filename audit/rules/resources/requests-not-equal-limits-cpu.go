package resources

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var requestsNotEqualLimitsCPU = &audit.Rule{
	ID:       "requests-not-equal-limits-cpu",
	Title:    "A container may use more CPU than is reserved",
	Severity: audit.Info,
	Rationale: "What the container uses beyond its request it has only as long as its neighbours leave it idle, so that its speed depends on theirs. " +
		"For most programs that is a fair use of a node; one whose latency must be the same every day needs all of its limit reserved, " +
		"which also gives its pod the quality of service Guaranteed, if its memory is reserved likewise.",
	Remediation: "Leave it, unless latency matters: then set resources.requests.cpu to the limit, of every container of the pod.",
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Reads:       []kube.Resource{kube.LimitRanges},
	Admission:   asksForEqual(corev1.ResourceCPU),
	Check: unequal(corev1.ResourceCPU, "What is beyond the request depends on what the neighbours leave idle.",
		"More CPU is reserved: fewer pods fit on a node, and a pod may stay pending."),
}
