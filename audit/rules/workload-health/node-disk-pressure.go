package workloadhealth

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var nodeDiskPressure = &audit.Rule{
	ID:       "node-disk-pressure",
	Title:    "A node runs out of disk",
	Severity: audit.High,
	Rationale: "The kubelet deletes images and evicts pods to get space back, and no new pods come to the node. " +
		"Logs and emptyDir volumes that grow without a limit come back with the pod.",
	Remediation: "See what fills the disk: images, logs, emptyDir volumes, writable layers of containers. Set limits for ephemeral-storage, and a sizeLimit for emptyDir volumes.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Nodes},
	Check:       eachNode(pressed(corev1.NodeDiskPressure, "the node runs out of disk")),
}
