package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var roleWildcardBound = &audit.Rule{
	ID:       "role-wildcard-bound",
	Title:    "A Role that allows everything is given away",
	Severity: audit.High,
	Rationale: "All verbs on all resources of a namespace include reading its Secrets, running commands in its " +
		"pods and acting as any of its ServiceAccounts.",
	Remediation: "Name the verbs and resources that the subject needs; the rules of the Role can be changed in " +
		"place.",
	Controls: []string{"NSA", "OWASP22-K03", "OWASP25-K02"},
	Since:    "1",
	Subjects: []kube.Resource{kube.RoleBindings},
	Reads:    []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults: weighed(),
	Check:    judgePower(everythingInNamespace),
}

var everythingInNamespace = &power{
	rule:     "role-wildcard-bound",
	severity: audit.High,
	can:      "do everything in %s",
	reach:    namespaceOnly,
	allows: func(g grant) bool {
		return g.role.Kind == kube.Roles.Kind && unbounded(g, "*", "")
	},
}
