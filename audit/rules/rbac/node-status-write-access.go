package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var nodeStatusWriteAccess = &audit.Rule{
	ID:       "node-status-write-access",
	Title:    "The status of nodes can be written",
	Severity: audit.Medium,
	Rationale: "The API server connects to a kubelet at the address in the status of its node, and the scheduler goes by " +
		"its labels and its capacity. Whoever writes the status diverts commands and logs to a machine of theirs, " +
		"or draws pods to it.",
	Remediation: "Leave nodes/status to the kubelets; a program that reports conditions can name the nodes in " +
		"resourceNames, or use node labels and taints through admission.",
	Controls: []string{"OWASP22-K03", "OWASP25-K02"},
	Since:    "2",
	Subjects: []kube.Resource{kube.ClusterRoleBindings},
	Reads:    []kube.Resource{kube.ClusterRoles},
	Consults: weighed(),
	Check:    judgePower(writeNodeStatus),
}

var writeNodeStatus = &power{
	rule:     "node-status-write-access",
	severity: audit.Medium,
	can:      "divert connections to the nodes of %s",
	reach:    clusterOnly,
	allows:   func(g grant) bool { return g.can("", "nodes", "status", "update", "patch") },
	within:   []string{"privileged-pod-steal"},
}
