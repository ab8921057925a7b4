package workloadhealth

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var nodeOutOfDisk = &audit.Rule{
	ID:       "node-out-of-disk",
	Title:    "A node has no disk left",
	Severity: audit.High,
	Rationale: "Kubelets of before Kubernetes 1.13 say so: nothing can be started on the node. " +
		"Newer ones say DiskPressure instead, and do so before it is too late.",
	Remediation: "Free space on the node, and bring its kubelet to a version that is maintained.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Nodes},
	Check:       eachNode(pressed(outOfDisk, "the node has no disk left")),
}

// outOfDisk is a condition that the API does not declare any more.
const outOfDisk corev1.NodeConditionType = "OutOfDisk"
