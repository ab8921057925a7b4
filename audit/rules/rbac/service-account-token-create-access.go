package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var serviceAccountTokenCreateAccess = &audit.Rule{
	ID:       "service-account-token-create-access",
	Title:    "Tokens of any ServiceAccount can be requested",
	Severity: audit.High,
	Rationale: "A token is all it takes to be a ServiceAccount. Whoever may create serviceaccounts/token has " +
		"what any of them may do, from anywhere.",
	Remediation: "Name the ServiceAccounts in resourceNames: the request bears the name.",
	Controls:    []string{"CIS-5.1.13", "OWASP22-K03", "OWASP25-K02", "MITRE-T1528"},
	Since:       "1",
	Subjects:    []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Reads:       []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults:    weighed(),
	Check:       judgePower(createTokens),
}

var createTokens = &power{
	rule:     "service-account-token-create-access",
	severity: audit.High,
	can:      "request a token of every ServiceAccount in %s",
	allows: func(g grant) bool {
		return g.can("", "serviceaccounts", "token", "create")
	},
}
