package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var podStatusWriteAccess = &audit.Rule{
	ID:       "pod-status-write-access",
	Title:    "The status of pods can be written",
	Severity: audit.Medium,
	Rationale: "A request for the status of a pod may change its labels, too: it makes any pod a part of any Service of " +
		"its namespace, which then sends it traffic. Conditions and addresses can be made up.",
	Remediation: "Leave pods/status to the kubelets and to readiness gates, whose controllers can be bound in the " +
		"namespaces they work in.",
	Controls: []string{"OWASP22-K03", "OWASP25-K02"},
	Since:    "2",
	Subjects: []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Reads:    []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults: weighed(),
	Check:    judgePower(writePodStatus),
}

var writePodStatus = &power{
	rule:     "pod-status-write-access",
	severity: audit.Medium,
	can:      "make every pod of %s a part of any Service there",
	allows:   func(g grant) bool { return g.can("", "pods", "status", "update", "patch") },
	grade:    milderInNamespace,
	within:   []string{"workload-modify-access"},
}
