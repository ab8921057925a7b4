package access

import (
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/component-helpers/auth/rbac/validation"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Verdict is whether the server stores a role or a binding that somebody sends
// who may write such objects at all: it refuses what would give away more than the
// sender has (k8s.io/kubernetes/pkg/registry/rbac). The permission to write, which
// it asks for before, is a question for [Index.Can].
type Verdict struct {
	Allowed bool
	// By is the grant of escalate or bind that allows it whatever the sender has,
	// nil if there is none. A member of system:masters needs none.
	By *Grant
	// Missing is what the sender would have to be allowed, and is not, each with one
	// verb and one resource or path; nil if it is Allowed.
	Missing []rbacv1.PolicyRule
	// Role is what became of the role that a binding refers to: without knowing
	// its rules nobody binds it but by the verb bind. It is Resolved for a role.
	Role Resolution
}

// RoleChange is a Role or ClusterRole as somebody wants it stored. A change of
// nothing but ownerReferences and finalizers is none.
type RoleChange struct {
	Ref kube.Ref
	// Create means that the role is new: the request then has no name, and
	// the verb escalate must be held without resourceNames.
	Create bool
	Rules  []rbacv1.PolicyRule
	// Aggregates reports whether the role, as it is or as it was, has an
	// aggregationRule with a selector, which may gather anything.
	Aggregates bool
}

// groupRBAC is the API group of roles and bindings.
const groupRBAC = rbacv1.GroupName

// StoresRole returns whether the server stores a role that an identity sends.
func (x *Index) StoresRole(id Identity, change RoleChange) Verdict {
	if id.Masters() {
		return Verdict{Allowed: true}
	}
	escalate := Request{
		Verb: "escalate", Group: groupRBAC, Resource: kube.ClusterRoles.Plural, Namespace: change.Ref.Namespace, Name: change.Ref.Name,
	}
	if change.Ref.Kind == kube.Roles.Kind {
		escalate.Resource = kube.Roles.Plural
	}
	if change.Create {
		escalate.Name = ""
	}
	if grant, ok := x.Can(id, escalate); ok {
		return Verdict{Allowed: true, By: &grant}
	}
	needed := change.Rules
	if change.Aggregates {
		needed = append(slices.Clone(needed), everything()...)
	}
	missing := x.Lacks(id, change.Ref.Namespace, needed)
	return Verdict{Allowed: len(missing) == 0, Missing: missing}
}

// everything returns the rules that allow everything.
func everything() []rbacv1.PolicyRule {
	return []rbacv1.PolicyRule{
		{Verbs: []string{all}, APIGroups: []string{all}, Resources: []string{all}},
		{Verbs: []string{all}, NonResourceURLs: []string{all}},
	}
}

// StoresBinding returns whether the server stores a binding of a role that an
// identity of a view sends. The binding is in a namespace, "" for a
// ClusterRoleBinding; the verb bind counts there also on ClusterRoles.
func StoresBinding(c *kube.Cluster, id Identity, namespace string, role rbacv1.RoleRef) Verdict {
	if id.Masters() {
		return Verdict{Allowed: true}
	}
	x := Of(c)
	bind := Request{Verb: "bind", Group: role.APIGroup, Namespace: namespace, Name: role.Name}
	switch role.Kind {
	case kube.ClusterRoles.Kind:
		bind.Resource = kube.ClusterRoles.Plural
	case kube.Roles.Kind:
		bind.Resource = kube.Roles.Plural
	}
	if bind.Group == "" {
		bind.Group = groupRBAC // the server fills it in before it looks
	}
	if grant, ok := x.Can(id, bind); ok && bind.Resource != "" {
		return Verdict{Allowed: true, By: &grant}
	}
	_, rules, resolution := resolve(c, namespace, role)
	if resolution != Resolved {
		return Verdict{Role: resolution}
	}
	missing := x.Lacks(id, namespace, rules)
	return Verdict{Allowed: len(missing) == 0, Missing: missing}
}

// RulesOf returns every rule that an identity has in a namespace, "" for those that
// count everywhere: by ClusterRoleBindings, and by the RoleBindings of that
// namespace.
func (x *Index) RulesOf(id Identity, namespace string) []rbacv1.PolicyRule {
	var rules []rbacv1.PolicyRule
	seen := map[*Binding]bool{}
	for _, b := range x.GrantsOf(id) {
		if !seen[b] && (b.Wide() || b.Ref.Namespace == namespace) {
			seen[b] = true
			rules = append(rules, b.Rules...)
		}
	}
	return rules
}

// Lacks returns what of some rules an identity has not itself in a namespace, "" for
// everywhere: nil if its own rules cover them. Each has one verb and one resource or
// path.
func (x *Index) Lacks(id Identity, namespace string, rules []rbacv1.PolicyRule) []rbacv1.PolicyRule {
	if covered, missing := validation.Covers(x.RulesOf(id, namespace), rules); !covered {
		return missing
	}
	return nil
}
