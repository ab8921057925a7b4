package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var deleteWorkloadsAccess = &audit.Rule{
	ID:       "delete-workloads-access",
	Title:    "Workloads, Services or Secrets can be deleted",
	Severity: audit.Medium,
	Rationale: "Whoever deletes pods, workloads, Services and Secrets of others takes down what they serve, and a " +
		"deletion of all at once is one request.",
	Remediation: "Let only those delete who also deploy; a program that restarts pods does with the subresource eviction, " +
		"which respects disruption budgets.",
	Controls: []string{"OWASP22-K03", "OWASP25-K02", "MITRE-T1485"},
	Since:    "2",
	Subjects: []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Reads:    []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults: weighed(),
	Check:    judgePower(deleteWorkloads),
}

var deleteWorkloads = &power{
	rule:     "delete-workloads-access",
	severity: audit.Medium,
	can:      "delete workloads, Services or Secrets of %s",
	allows: func(g grant) bool {
		return g.canAny(runners(), "delete", "deletecollection") ||
			g.canAny([]kube.Resource{kube.Services, kube.Secrets}, "delete", "deletecollection")
	},
	grade:  milderInNamespace,
	within: []string{"privileged-pod-steal", "workload-modify-access"},
}
