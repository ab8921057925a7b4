package hygiene

import (
	"cmp"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var serviceAccountUnused = &audit.Rule{
	ID:       "service-account-unused",
	Title:    "No reference to a ServiceAccount found",
	Severity: audit.Low,
	Rationale: "Whoever may create a pod in the namespace may run it as this account. What is granted to it one day, " +
		"in the belief that nothing or something else runs as it, is theirs.",
	Remediation: "Find out what it was made for: a program outside the cluster may ask for a token of it. Delete it when nobody does.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.ServiceAccounts},
	Consults:    append(referring(kube.ServiceAccounts), kube.RoleBindings, kube.ClusterRoleBindings),
	Wide:        true, // bindings of other namespaces may name it
	Check: audit.EachObject(kube.ServiceAccounts,
		func(c *kube.Cluster) kube.Table[*corev1.ServiceAccount] { return c.ServiceAccounts },
		func(p *audit.Pass, a *corev1.ServiceAccount) {
			if a.Name == defaultAccount || !mayBeUnused(p, a) {
				p.NotApplicable()
				return
			}
			if boundAccounts.Of(p.Cluster)[accountName{a.Namespace, a.Name}] || p.Cluster.Referred(kube.ServiceAccounts, a.Namespace, a.Name) {
				return
			}
			if why := unreadAnywhere(p.Cluster, []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings}); why != "" {
				p.Unknown(why)
				return
			}
			judgeReferred(p, kube.ServiceAccounts, a, "Neither pods, pod templates, past revisions of Deployments, bindings, roles that "+
				"name it, Secrets with a token of it nor the custom resources that are read refer to it.")
		}),
}

type accountName struct{ namespace, name string }

// boundAccounts has the ServiceAccounts that a binding names.
var boundAccounts = kube.Derive(func(c *kube.Cluster) map[accountName]bool {
	bound := map[accountName]bool{}
	add := func(namespace string, subjects []rbacv1.Subject) {
		for _, s := range subjects {
			if s.Kind != rbacv1.ServiceAccountKind {
				continue
			}
			bound[accountName{cmp.Or(s.Namespace, namespace), s.Name}] = true
		}
	}
	for b := range c.RoleBindings.All() {
		add(b.Namespace, b.Subjects)
	}
	for b := range c.ClusterRoleBindings.All() {
		add("", b.Subjects)
	}
	return bound
}).From(kube.RoleBindings, kube.ClusterRoleBindings)
