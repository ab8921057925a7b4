package access

import (
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Resolution is what became of the reference from a binding to its role.
type Resolution int

// The outcomes of looking up a role.
const (
	// Resolved means that the rules of the role are known.
	Resolved Resolution = iota
	// Missing means that there is no such role: the binding grants nothing
	// until somebody creates one.
	Missing
	// Unread means that the role is not in the view and may well exist.
	Unread
)

// bootstrapLabel marks what the API server itself creates and keeps up to date
// (kubernetes.io/docs/reference/access-authn-authz/rbac, default roles).
const (
	bootstrapLabel = "kubernetes.io/bootstrapping"
	bootstrapValue = "rbac-defaults"
)

// Binding is a RoleBinding or a ClusterRoleBinding together with what it grants.
type Binding struct {
	Ref  kube.Ref
	Role kube.Ref // the Role or ClusterRole that roleRef names
	// Subjects are those of the object that are somebody, in its order.
	Subjects   []Bound
	Resolution Resolution
	// Rules are the rules of the role; nil unless it is Resolved.
	Rules []rbacv1.PolicyRule
	// Bootstrap reports whether the API server made the binding by itself.
	Bootstrap bool
}

// Bound is a subject of a binding and its index in the object's list.
type Bound struct {
	Subject
	Index int
}

// Wide reports whether the binding grants in every namespace and of
// cluster-scoped resources: whether it is a ClusterRoleBinding.
func (b *Binding) Wide() bool { return b.Ref.Namespace == "" }

// Allows returns the index of the first rule by which the binding grants a
// request to its subjects, false if none does. A RoleBinding grants only
// requests that name its namespace: never of cluster-scoped resources, of all
// namespaces or of paths, whatever its role says.
func (b *Binding) Allows(r Request) (rule int, ok bool) {
	if !b.Wide() && (r.Path != "" || r.Namespace != b.Ref.Namespace) {
		return 0, false
	}
	for i := range b.Rules {
		if Allows(&b.Rules[i], r) {
			return i, true
		}
	}
	return 0, false
}

// bind resolves one binding.
func bind(c *kube.Cluster, r kube.Resource, o metav1.Object, role rbacv1.RoleRef, subjects []rbacv1.Subject) *Binding {
	namespace := o.GetNamespace()
	b := &Binding{
		Ref:       r.Ref(namespace, o.GetName()),
		Bootstrap: o.GetLabels()[bootstrapLabel] == bootstrapValue,
		Subjects:  make([]Bound, 0, len(subjects)),
	}
	for i, s := range subjects {
		if who, ok := SubjectOf(s, namespace); ok {
			b.Subjects = append(b.Subjects, Bound{who, i})
		}
	}
	b.Role, b.Rules, b.Resolution = resolve(c, namespace, role)
	return b
}

// resolve looks up what a binding in a namespace, "" for a ClusterRoleBinding,
// refers to. There is no role of a kind that RBAC does not know.
func resolve(c *kube.Cluster, namespace string, role rbacv1.RoleRef) (kube.Ref, []rbacv1.PolicyRule, Resolution) {
	switch role.Kind {
	case kube.Roles.Kind:
		rules, resolution := rulesOfRole(c, namespace, role.Name)
		return kube.Roles.Ref(namespace, role.Name), rules, resolution
	case kube.ClusterRoles.Kind:
		rules, resolution := rulesOfClusterRole(c, role.Name)
		return kube.ClusterRoles.Ref("", role.Name), rules, resolution
	}
	return kube.Ref{Group: role.APIGroup, Kind: role.Kind, Name: role.Name}, nil, Missing
}

func rulesOfRole(c *kube.Cluster, namespace, name string) ([]rbacv1.PolicyRule, Resolution) {
	if namespace == "" {
		return nil, Missing // a ClusterRoleBinding cannot bind a Role
	}
	if role, ok := c.Roles.Get(namespace, name); ok {
		return role.Rules, Resolved
	}
	return rulesUnseen(c, kube.Roles, namespace, builtInRoleRules(namespace, name))
}

func rulesOfClusterRole(c *kube.Cluster, name string) ([]rbacv1.PolicyRule, Resolution) {
	if role, ok := c.ClusterRoles.Get("", name); ok {
		return role.Rules, Resolved
	}
	return rulesUnseen(c, kube.ClusterRoles, "", builtInRules(name))
}

// rulesUnseen decides on a role that the view does not hold. Every server has
// the built-in ones; where its roles could be read, what was read counts.
func rulesUnseen(c *kube.Cluster, r kube.Resource, namespace string, builtIn []rbacv1.PolicyRule) ([]rbacv1.PolicyRule, Resolution) {
	complete := Complete(c, r, namespace)
	switch {
	case builtIn != nil && (c.Info.Offline || !complete):
		return builtIn, Resolved
	case complete:
		return nil, Missing
	}
	return nil, Unread
}

// Complete reports whether the view proves the absence of an object of a
// resource that it does not hold. Manifests do for the namespaces that they
// create themselves: whoever writes down the Namespace writes down what is in
// it. Elsewhere they may be a part of what the cluster has.
func Complete(c *kube.Cluster, r kube.Resource, namespace string) bool {
	if _, blind := c.Blind(r, namespace); blind {
		return false
	}
	if !c.Info.Offline {
		return inScope(c, namespace)
	}
	_, declared := c.Namespaces.Get("", namespace)
	return declared
}

// inScope reports whether the view looks into a namespace.
func inScope(c *kube.Cluster, namespace string) bool {
	return namespace == "" || c.Info.Scope == nil || slices.Contains(c.Info.Scope, namespace)
}
