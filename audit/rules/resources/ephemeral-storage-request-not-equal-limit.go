package resources

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var ephemeralStorageRequestNotEqualLimit = &audit.Rule{
	ID:       "ephemeral-storage-request-not-equal-limit",
	Title:    "A container may use more of the disk than is reserved",
	Severity: audit.Info,
	Rationale: "Nodes are filled by requests. When several containers fill the disk beyond what they reserved, the kubelet evicts pods of the node, " +
		"those above their requests first.",
	Remediation: "Set resources.requests.ephemeral-storage to the limit where an eviction would hurt, or lower the limit to what the container was seen to use.",
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Reads:       []kube.Resource{kube.LimitRanges},
	Admission:   asksForEqual(corev1.ResourceEphemeralStorage),
	Check: unequal(corev1.ResourceEphemeralStorage, "When the node's disk fills up, pods that use more than they requested are evicted first.",
		"More of the disk is reserved: fewer pods fit on a node, and a pod may stay pending."),
}
