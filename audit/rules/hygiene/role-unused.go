package hygiene

import (
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var roleUnused = &audit.Rule{
	ID:       "role-unused",
	Title:    "No binding refers to a Role",
	Severity: audit.Low,
	Rationale: "A Role that is bound to nobody grants nothing, until somebody binds it without reading what it has become. " +
		"Whoever reviews permissions reads it in vain.",
	Remediation: "Delete it, or bind it to whom it was meant for.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Roles},
	Reads:       []kube.Resource{kube.RoleBindings},
	Consults:    []kube.Resource{kube.Namespaces},
	Check: audit.EachObject(kube.Roles,
		func(c *kube.Cluster) kube.Table[*rbacv1.Role] { return c.Roles },
		func(p *audit.Pass, r *rbacv1.Role) {
			switch {
			case len(r.OwnerReferences) > 0, r.DeletionTimestamp != nil, bootstraps(r.Labels),
				p.Cluster.Info.Offline && !access.Complete(p.Cluster, kube.RoleBindings, r.Namespace):
				p.NotApplicable()
			case boundRolesIn.Of(p.Cluster, r.Namespace)[r.Name]:
			default:
				p.Report(audit.Finding{
					Message: "no RoleBinding refers to it",
					Detail:  "Only RoleBindings of its namespace can refer to a Role, and none does: nobody has what it grants.",
				})
			}
		}),
}

// bootstraps reports whether the API server itself makes a role, and makes it
// again when it is deleted. The name says nothing: anybody may give it.
func bootstraps(labels map[string]string) bool {
	return labels["kubernetes.io/bootstrapping"] == "rbac-defaults"
}

// boundRolesIn has the names of the Roles that are bound in a namespace.
var boundRolesIn = kube.DeriveFor(func(c *kube.Cluster, namespace string) map[string]bool {
	bound := map[string]bool{}
	for _, b := range c.RoleBindings.In(namespace) {
		if b.RoleRef.Kind == kube.Roles.Kind {
			bound[b.RoleRef.Name] = true
		}
	}
	return bound
})
