package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var impersonateAccess = &audit.Rule{
	ID:       "impersonate-access",
	Title:    "A subject can act as others",
	Severity: audit.Critical,
	Rationale: "Whoever may impersonate does what the other may, and the audit log has to be read twice to see " +
		"who it was. Impersonating a group of administrators is administering.",
	Remediation: "Allow impersonation of the few users or ServiceAccounts by name (resourceNames), or not at all.",
	Controls:    []string{"CIS-5.1.8", "OWASP22-K03", "OWASP25-K02"},
	Since:       "1",
	Subjects:    []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Reads:       []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults:    weighed(),
	Check:       judgePower(impersonate),
}

var impersonate = &power{
	rule:     "impersonate-access",
	severity: audit.Critical,
	can:      "act as others in %s",
	allows: func(g grant) bool {
		if g.can("", "serviceaccounts", "", "impersonate") {
			return true
		}
		return g.scope == inCluster && (g.can("", "users", "", "impersonate") || g.can("", "groups", "", "impersonate") ||
			g.canNamed("system:masters", "", "groups", "", "impersonate"))
	},
}
