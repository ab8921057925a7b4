package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var secretsAccessNamespace = &audit.Rule{
	ID:       "secrets-access-namespace",
	Title:    "All Secrets of a namespace are open to a subject",
	Severity: audit.Medium,
	Rationale: "Secrets hold the passwords, keys and tokens of the applications of the namespace, not only of " +
		"the one that may read them.",
	Remediation: "Name the Secrets that the subject needs in resourceNames, with the verb get; or mount them.",
	Controls:    []string{"CIS-5.1.2", "OWASP22-K03", "OWASP25-K02", "MITRE-T1552"},
	Since:       "1",
	Subjects:    []kube.Resource{kube.RoleBindings},
	Reads:       []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults:    weighed(),
	Check:       judgePower(accessSecretsInNamespace),
}

var accessSecretsInNamespace = &power{
	rule:     "secrets-access-namespace",
	severity: audit.Medium,
	can:      "read every Secret of %s",
	reach:    namespaceOnly,
	allows: func(g grant) bool {
		return g.can("", "secrets", "", "get", "list", "watch")
	},
	within: []string{"token-secret-issue-access"},
}
