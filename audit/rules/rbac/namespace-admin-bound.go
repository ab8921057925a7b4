package rbac

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var namespaceAdminBound = &audit.Rule{
	ID:       "namespace-admin-bound",
	Title:    "The administration of a namespace is given away",
	Severity: audit.High,
	Rationale: "The roles admin and edit, and cluster-admin within a namespace, read its Secrets, run commands " +
		"in its pods and act as any of its ServiceAccounts. They are made for people; a program that " +
		"holds one gives all of that to whoever breaks into it.",
	Remediation: "Bind the subject to a role that allows what it does and nothing else; keep admin and edit for " +
		"the people who own the namespace.",
	Controls: []string{"OWASP22-K03", "OWASP25-K02"},
	Since:    "1",
	Subjects: []kube.Resource{kube.RoleBindings},
	Reads:    []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults: weighed(),
	Check:    judgePower(namespaceAdmin),
}

var namespaceAdmin = &power{
	rule:     "namespace-admin-bound",
	severity: audit.High,
	can:      "administer %s",
	reach:    namespaceOnly,
	allows: func(g grant) bool {
		if g.role.Kind != kube.ClusterRoles.Kind {
			return false
		}
		switch g.role.Name {
		case "cluster-admin":
			return true
		case "admin", "edit":
			// What was aggregated into them beyond their purpose stands for itself.
			return !slices.Contains(g.Verbs, "bind") && !slices.Contains(g.Verbs, "escalate")
		}
		return unbounded(g, "*", "")
	},
}
