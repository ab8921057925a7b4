package workloadhealth

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var nodeMemoryUsageHigh = &audit.Rule{
	ID:       "node-memory-usage-high",
	Title:    "A node has little memory left",
	Severity: audit.Medium,
	Rationale: "Memory cannot be shared like time: when it runs out, the kubelet evicts pods or the kernel kills processes, " +
		"and not always those that use most.",
	Remediation: "See which pods use more than they request (`kubectl top pods`), and set requests that match: the scheduler goes by requests, not by use. Then add nodes or move work.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Nodes},
	Reads:       []kube.Resource{kube.NodeMetrics},
	Timed:       true,
	Parameters:  usageParameters(),
	Check:       eachNode(used(corev1.ResourceMemory, "memory")),
}
