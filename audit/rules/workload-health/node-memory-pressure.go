package workloadhealth

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var nodeMemoryPressure = &audit.Rule{
	ID:       "node-memory-pressure",
	Title:    "A node runs out of memory",
	Severity: audit.High,
	Rationale: "The kubelet evicts pods to get memory back, those first that use most beyond their requests. " +
		"No new ones come to the node, and if eviction is not fast enough, the kernel picks what dies.",
	Remediation: "See which pods use more than they request (`kubectl top pods`), and set requests that match. Pods without a request are evicted first, but cause it all the same.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Nodes},
	Check:       eachNode(pressed(corev1.NodeMemoryPressure, "the node runs out of memory")),
}
