package access

import (
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Members returns the ServiceAccounts of a view that a subject reaches: itself, or
// those that are in a group without being listed, by namespace and name. It is nil
// for users, and for groups whose members only an identity provider knows.
func Members(c *kube.Cluster, s Subject) []Subject {
	if s.Kind == rbacv1.ServiceAccountKind {
		return []Subject{s}
	}
	namespace := s.HomeNamespace()
	everywhere := s == Subject{rbacv1.GroupKind, "", GroupServiceAccounts} || s == Subject{rbacv1.GroupKind, "", GroupAuthenticated}
	if namespace == "" && !everywhere {
		return nil
	}
	var members []Subject
	add := func(namespace, name string) {
		members = append(members, Subject{rbacv1.ServiceAccountKind, namespace, name})
	}
	if everywhere {
		for o := range c.ServiceAccounts.All() {
			add(o.Namespace, o.Name)
		}
		return members
	}
	for _, o := range c.ServiceAccounts.In(namespace) {
		add(o.Namespace, o.Name)
	}
	return members
}

// Subjects returns everybody whom a binding of the view names, and every
// ServiceAccount, each once: ServiceAccounts, then users, then groups, by name.
func Subjects(c *kube.Cluster) []Subject {
	all := map[Subject]bool{}
	for s := range Of(c).bySubject {
		all[s] = true
	}
	for o := range c.ServiceAccounts.All() {
		all[Subject{rbacv1.ServiceAccountKind, o.Namespace, o.Name}] = true
	}
	sorted := make([]Subject, 0, len(all))
	for s := range all {
		sorted = append(sorted, s)
	}
	slices.SortFunc(sorted, CompareSubjects)
	return sorted
}

// Unseen is what of the RBAC objects a view does not hold: an answer about it may
// lack grants.
type Unseen struct {
	// States are the resources that were to be read and were not, by resource and
	// namespace.
	States []kube.State
	// Bindings are those whose role may exist and is not in the view.
	Bindings []*Binding
}

// UnseenOf returns what keeps the answers about a view from being complete.
func UnseenOf(c *kube.Cluster) Unseen {
	var u Unseen
	rbac := []kube.Resource{kube.ClusterRoleBindings, kube.RoleBindings, kube.ClusterRoles, kube.Roles}
	for _, s := range c.States() {
		if s.Blind() && s.Phase != kube.Skipped && slices.Contains(rbac, s.Resource) {
			u.States = append(u.States, s)
		}
	}
	for _, b := range Of(c).Bindings {
		if b.Resolution == Unread {
			u.Bindings = append(u.Bindings, b)
		}
	}
	return u
}

// None reports whether the view holds everything.
func (u Unseen) None() bool { return len(u.States) == 0 && len(u.Bindings) == 0 }
