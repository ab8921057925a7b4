package resources

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var requestsNotEqualLimitsMemory = &audit.Rule{
	ID:       "requests-not-equal-limits-memory",
	Title:    "A container may use more memory than is reserved",
	Severity: audit.Info,
	Rationale: "Nodes are filled by requests. When several containers use what they may and did not reserve, the node runs out of memory, " +
		"and those above their requests are evicted or killed first.",
	Remediation: "Set resources.requests.memory to the limit where an eviction would hurt, or lower the limit to what the container was seen to use.",
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Reads:       []kube.Resource{kube.LimitRanges},
	Admission:   asksForEqual(corev1.ResourceMemory),
	Check: unequal(corev1.ResourceMemory, "When the node runs short of memory, pods that use more than they requested are evicted first.",
		"More memory is reserved: fewer pods fit on a node, and a pod may stay pending."),
}
