package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var authenticatedGroupBound = &audit.Rule{
	ID:       "authenticated-group-bound",
	Title:    "A role is given to everybody",
	Severity: audit.High,
	Rationale: "system:authenticated has everybody who can log in, on some clouds everybody with an account " +
		"there, and every ServiceAccount; system:serviceaccounts every program of the cluster. What they " +
		"hold, an intruder holds from the first moment.",
	Remediation: "Bind the role to the groups and ServiceAccounts that need it.",
	Controls:    []string{"OWASP22-K03", "OWASP25-K02"},
	Since:       "1",
	Subjects:    []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Reads:       []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults:    weighed(),
	Check:       judgeSubject(everyAccount, severityForEverybody, nil),
}

// everyAccount reports whether a subject is everybody with an identity, or
// every ServiceAccount.
func everyAccount(s access.Subject) bool {
	return s.Everybody() && !unauthenticated(s)
}

// severityForEverybody is less for a role without any of the [powers].
func severityForEverybody(c *charge) audit.Severity {
	if len(c.held) == 0 {
		return audit.Medium
	}
	return audit.High
}
