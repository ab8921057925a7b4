package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var escalateRolesAccess = &audit.Rule{
	ID:       "escalate-roles-access",
	Title:    "Roles can be widened beyond what is held",
	Severity: audit.Critical,
	Rationale: "The verb escalate lifts the rule that nobody writes a role that allows more than they may: with " +
		"it, whoever edits roles writes themselves everything.",
	Remediation: "Take out the verb; the roles that a program manages can be bound to it instead.",
	Controls:    []string{"CIS-5.1.8", "OWASP22-K03", "OWASP25-K02"},
	Since:       "1",
	Subjects:    []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Reads:       []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults:    weighed(),
	Check:       judgePower(escalateRoles),
}

var escalateRoles = &power{
	rule:     "escalate-roles-access",
	severity: audit.Critical,
	can:      "write any permission into the roles of %s",
	allows: func(g grant) bool {
		const group = "rbac.authorization.k8s.io"
		return g.can(group, "roles", "", "escalate") || g.scope == inCluster && g.can(group, "clusterroles", "", "escalate")
	},
}
