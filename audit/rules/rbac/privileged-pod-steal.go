package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var privilegedPodSteal = &audit.Rule{
	ID:       "privileged-pod-steal",
	Title:    "Powerful pods can be driven onto a node",
	Severity: audit.High,
	Rationale: "Whoever removes pods and decides which nodes take new ones sends the pods of powerful programs, with " +
		"their tokens, to the node that an intruder holds already.",
	Remediation: "Grant eviction in the namespaces that the subject works in, and the change of nodes to nobody who also " +
		"removes pods of the control plane.",
	Controls: []string{"OWASP22-K03", "OWASP25-K02"},
	Since:    "2",
	Subjects: []kube.Resource{kube.ClusterRoleBindings},
	Reads:    []kube.Resource{kube.ClusterRoles},
	Consults: weighed(),
	Check:    judgePower(stealPods),
}

var stealPods = &power{
	rule:     "privileged-pod-steal",
	severity: audit.High,
	can:      "drive powerful pods of %s onto a node of their choice",
	reach:    clusterOnly,
	allows: func(g grant) bool {
		return g.can("", "nodes", "", "update", "patch", "delete") || g.can("", "nodes", "status", "update", "patch")
	},
	completes: func(h holder) (completion, bool) {
		remove := requests("", "pods", "", "delete", "deletecollection")
		remove = append(remove, requests("", "pods", "eviction", "create")...)
		remove = append(remove, requests("", "pods", "status", "update", "patch")...)
		return h.mayWhere(h.privileged, remove...)
	},
}
