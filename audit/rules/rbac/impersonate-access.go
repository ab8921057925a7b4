package rbac

import (
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
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
	fixes:    withoutVerb("impersonate", "What asks in the name of others, such as a proxy in front of the API server, is refused."),
	allows: func(g grant) bool {
		if g.can("", "serviceaccounts", "", "impersonate") {
			return true
		}
		return g.scope == inCluster && (g.can("", "users", "", "impersonate") || g.can("", "groups", "", "impersonate") ||
			g.canNamed("system:masters", "", "groups", "", "impersonate"))
	},
	// A request that names groups to act in has to name a user as well, so that
	// groups alone are nobody (k8s.io/apiserver/pkg/endpoints/filters, impersonation).
	completes: func(h holder) (completion, bool) {
		if done, ok := h.may(requests("", "serviceaccounts", "", "impersonate")...); ok {
			return done, true
		}
		if done, ok := h.mayInCluster(requests("", "users", "", "impersonate")...); ok {
			return done, true
		}
		return h.impersonatesAnybody()
	},
}

// impersonatesAnybody reports whether the holder may act as some user or
// ServiceAccount, which one does not matter.
func (h holder) impersonatesAnybody() (completion, bool) {
	if somebody(h.binding) {
		return completion{}, true
	}
	for b := range h.others {
		if somebody(b) {
			return completion{because: " The right to impersonate a user as well comes from " + b.Ref.String() + "."}, true
		}
	}
	return completion{}, false
}

// somebody reports whether a binding lets its subjects act as a user, or as a
// ServiceAccount where it grants.
func somebody(b *access.Binding) bool {
	return slices.ContainsFunc(b.Rules, func(r rbacv1.PolicyRule) bool {
		names := r.ResourceNames
		if len(names) == 0 {
			names = []string{""}
		}
		return slices.ContainsFunc(names, func(name string) bool {
			g := grant{PolicyRule: &r}
			return g.canNamed(name, "", "serviceaccounts", "", "impersonate") ||
				b.Wide() && g.canNamed(name, "", "users", "", "impersonate")
		})
	})
}
