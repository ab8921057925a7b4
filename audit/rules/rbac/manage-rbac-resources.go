package rbac

import (
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var manageRBACResources = &audit.Rule{
	ID:       "manage-rbac-resources",
	Title:    "Roles and bindings can be changed",
	Severity: audit.High,
	Rationale: "Whoever changes roles and bindings decides who may do what: they can pass on what they have, " +
		"take it from others, and keep a way back in. They give nobody more than they have themselves; with bind or " +
		"escalate on some roles, those too.",
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
	// Without one of the verbs the server refuses to write what the writer does
	// not hold (k8s.io/kubernetes/pkg/registry/rbac, policybased).
	grade: func(g grant) audit.Severity {
		if slices.ContainsFunc(g.rules, lifted) {
			return audit.High
		}
		return audit.Medium
	},
	// With one of these verbs on it, the change of roles is one and the same attack.
	within: []string{"escalate-roles-access", "bind-roles-access"},
}

// lifted reports whether a rule lets write or bind some role that the subject
// does not hold.
func lifted(r rbacv1.PolicyRule) bool {
	names := r.ResourceNames
	if len(names) == 0 {
		names = []string{""}
	}
	return slices.ContainsFunc(names, func(name string) bool {
		g := grant{PolicyRule: &r}
		return g.canNamed(name, rbacv1.GroupName, "roles", "", "bind", "escalate") ||
			g.canNamed(name, rbacv1.GroupName, "clusterroles", "", "bind", "escalate")
	})
}
