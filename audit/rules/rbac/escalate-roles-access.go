package rbac

import (
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var escalateRolesAccess = &audit.Rule{
	ID:       "escalate-roles-access",
	Title:    "Roles can be widened beyond what is held",
	Severity: audit.Critical,
	Rationale: "The verb escalate lifts the rule that nobody writes a role that allows more than they may: with " +
		"it, whoever edits roles writes themselves everything. Labelled for aggregation, a ClusterRole hands that " +
		"on to all who hold the role it is aggregated into. Without the right to write roles it allows nothing.",
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
	fixes:    withoutVerb("escalate", "What writes roles that allow more than it may do itself is refused."),
	allows: func(g grant) bool {
		return g.can(rbacv1.GroupName, "roles", "", "escalate") ||
			g.scope == inCluster && g.can(rbacv1.GroupName, "clusterroles", "", "escalate")
	},
	// Each kind of role takes the verb and the right to write it
	// (k8s.io/kubernetes/pkg/registry/rbac/role/policybased).
	completes: func(h holder) (completion, bool) {
		if verb, ok := h.mayInCluster(requests(rbacv1.GroupName, "clusterroles", "", "escalate")...); ok {
			if write, ok := h.mayInCluster(writing("clusterroles")...); ok {
				return verb.and(write)
			}
		}
		verb, ok := h.may(requests(rbacv1.GroupName, "roles", "", "escalate")...)
		if !ok {
			return completion{}, false
		}
		write, ok := h.may(writing("roles")...)
		if !ok {
			return completion{}, false
		}
		return verb.and(write)
	},
}
