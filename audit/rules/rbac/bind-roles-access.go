package rbac

import (
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var bindRolesAccess = &audit.Rule{
	ID:       "bind-roles-access",
	Title:    "Roles can be given without being held",
	Severity: audit.Critical,
	Rationale: "The verb bind lifts the rule that nobody gives away what they do not have: with it, whoever " +
		"writes bindings gives themselves any role. Without the right to write bindings it allows nothing, and " +
		"they may come from different roles.",
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
	fixes: withoutVerb("bind", "What gives roles to others by it, such as an operator that binds its workloads, and does "+
		"not hold all that the roles allow, is refused."),
	allows: func(g grant) bool {
		return g.can(rbacv1.GroupName, "clusterroles", "", "bind") || g.can(rbacv1.GroupName, "roles", "", "bind") ||
			g.canNamed("cluster-admin", rbacv1.GroupName, "clusterroles", "", "bind")
	},
	// A binding is written with both rights at once: to write bindings, and to
	// bind the role (k8s.io/kubernetes/pkg/registry/rbac/rolebinding/policybased).
	// Bind on ClusterRoles is asked for in the namespace of the binding.
	completes: func(h holder) (completion, bool) {
		bind := access.Request{Verb: "bind", Group: rbacv1.GroupName, Resource: "clusterroles"}
		admin := bind
		admin.Name = "cluster-admin"
		if verb, ok := h.mayInCluster(bind, admin); ok {
			if write, ok := h.mayInCluster(writing("clusterrolebindings")...); ok {
				return verb.and(write)
			}
		}
		write, ok := h.may(writing("rolebindings")...)
		if !ok {
			return completion{}, false
		}
		verb, ok := h.may(bind, admin)
		if !ok { // of Roles alone, which allow less than any ClusterRole there is
			write.atMost = audit.High
			return write, true
		}
		return verb.and(write)
	},
}

// writing are requests that write objects of RBAC.
func writing(resource string) []access.Request {
	return requests(rbacv1.GroupName, resource, "", "create", "update", "patch")
}
