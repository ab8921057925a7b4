package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var bindRolesAccess = &audit.Rule{
	ID:       "bind-roles-access",
	Title:    "Roles can be given without being held",
	Severity: audit.Critical,
	Rationale: "The verb bind lifts the rule that nobody gives away what they do not have: with it, whoever " +
		"writes bindings gives themselves any role.",
	Remediation: "Name the roles that may be given away in resourceNames, or take out the verb.",
	Controls:    []string{"CIS-5.1.8", "OWASP22-K03", "OWASP25-K02"},
	Since:       "1",
	Subjects:    []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Reads:       []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults:    weighed(),
	Check:       judgePower(bindRoles),
}

var bindRoles = &power{
	rule:     "bind-roles-access",
	severity: audit.Critical,
	can:      "give any role to anybody in %s",
	allows: func(g grant) bool {
		const group = "rbac.authorization.k8s.io"
		return g.can(group, "clusterroles", "", "bind") || g.can(group, "roles", "", "bind") ||
			g.canNamed("cluster-admin", group, "clusterroles", "", "bind")
	},
}
