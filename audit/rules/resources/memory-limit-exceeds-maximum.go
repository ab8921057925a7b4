package resources

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var memoryLimitExceedsMaximum = &audit.Rule{
	ID:       "memory-limit-exceeds-maximum",
	Title:    "A container's memory is out of bounds",
	Severity: audit.Low,
	Rationale: "Somebody who looks after the cluster said how much memory one container may have, so that no team takes what others need. " +
		"Where a LimitRange says so, the API server refuses the pods, and the workload gets none without an error at its own object.",
	Remediation: "Set the request and the limit within the bounds, from what the container was measured to use, " +
		"or agree on wider bounds with whoever set them.",
	Since:      "2",
	Subjects:   kube.WorkloadResources(),
	Reads:      []kube.Resource{kube.LimitRanges},
	Parameters: boundParameters(corev1.ResourceMemory),
	Check:      bounded(corev1.ResourceMemory),
}
