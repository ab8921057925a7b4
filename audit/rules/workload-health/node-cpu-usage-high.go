package workloadhealth

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var nodeCPUUsageHigh = &audit.Rule{
	ID:       "node-cpu-usage-high",
	Title:    "A node has little CPU time left",
	Severity: audit.Medium,
	Rationale: "Pods get the CPU time that they request and have to share the rest. " +
		"With little left, whatever uses more than its request gets slower, and probes run out of time.",
	Remediation: "See which pods use it (`kubectl top pods`), and whether their requests say so: the scheduler goes by requests, not by use. Then add nodes or move work.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Nodes},
	Reads:       []kube.Resource{kube.NodeMetrics},
	Timed:       true,
	Parameters:  usageParameters(),
	Check:       eachNode(used(corev1.ResourceCPU, "CPU")),
}
