package workloadhealth

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var nodePIDPressure = &audit.Rule{
	ID:       "node-pid-pressure",
	Title:    "A node runs out of process IDs",
	Severity: audit.High,
	Rationale: "Without a process ID nothing can be started on the node: no container, no probe, no thread. " +
		"The kubelet evicts pods until there are some again.",
	Remediation: "Find the pod with the most processes or threads, which usually leaks them, and limit the number for each pod in the kubelet's configuration (podPidsLimit).",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Nodes},
	Check:       eachNode(pressed(corev1.NodePIDPressure, "the node runs out of process IDs")),
}
