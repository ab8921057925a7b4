package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var manageRBACResources = &audit.Rule{
	ID:       "manage-rbac-resources",
	Title:    "Roles and bindings can be changed",
	Severity: audit.High,
	Rationale: "Whoever changes roles and bindings decides who may do what: they can pass on what they have, " +
		"take it from others, and keep a way back in.",
	Remediation: "Leave RBAC objects to the pipeline that applies them.",
	Controls:    []string{"OWASP22-K03", "OWASP25-K02"},
	Since:       "1",
	Subjects:    []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Reads:       []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults:    weighed(),
	Check:       judgePower(manageRoles),
}

var manageRoles = &power{
	rule:     "manage-rbac-resources",
	severity: audit.High,
	can:      "change roles and bindings in %s",
	allows: func(g grant) bool {
		const group = "rbac.authorization.k8s.io"
		if g.can(group, "roles", "", "create", "update", "patch") || g.can(group, "rolebindings", "", "create", "update", "patch") {
			return true
		}
		return g.scope == inCluster && (g.can(group, "clusterroles", "", "create", "update", "patch") ||
			g.can(group, "clusterrolebindings", "", "create", "update", "patch"))
	},
	// With one of these verbs on it, the change of roles is one and the same attack.
	within: []string{"escalate-roles-access", "bind-roles-access"},
}
