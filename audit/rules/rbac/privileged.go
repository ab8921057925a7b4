package rbac

import (
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// might is a ServiceAccount, or all of a namespace, with power over the cluster
// or the namespace of its control plane, and the binding that gives it.
type might struct {
	who     access.Subject
	binding *access.Binding
}

// controllers stands for the ServiceAccounts of the control plane, to which the
// server itself gives what they need to run the cluster.
const controllers = " The controllers of the cluster run in " + controlPlane + "."

// overPrivileged reports whether what a binding grants extends to a namespace
// that runs programs with power over the cluster, other than the holder: whoever
// takes one over has that power.
func overPrivileged(h holder) (completion, bool) {
	if scopeOf(h.binding) != inNamespace {
		return completion{because: controllers}, true
	}
	if m, ok := h.mightierIn(h.binding.Ref.Namespace); ok {
		return completion{because: " " + m.who.String() + ", of the same namespace, has power over the cluster by " + m.binding.Ref.String() + "."}, true
	}
	return completion{}, false
}

// privileged reports whether a namespace has programs with power over the cluster.
func (h holder) privileged(namespace string) bool {
	if namespace == controlPlane {
		return true
	}
	_, ok := h.mightierIn(namespace)
	return ok
}

// mightierIn returns a ServiceAccount of a namespace with power over the cluster
// that the holder is not.
func (h holder) mightierIn(namespace string) (might, bool) {
	if h.shared == nil {
		return might{}, false
	}
	all := h.shared.mighty[namespace]
	i := slices.IndexFunc(all, func(m might) bool { return !m.is(h.who) })
	if i < 0 {
		return might{}, false
	}
	return all[i], true
}

// is reports whether a subject is the mighty one, or of a group that is.
func (m might) is(s access.Subject) bool {
	return m.who == s || m.who.Kind == rbacv1.GroupKind && s.HomeNamespace() == m.who.HomeNamespace()
}

// mightExists tells whether any ServiceAccount exists that makes a namespace
// powerful: a binding may name one that does not, as which no pod can run.
func mightExists(view *kube.Cluster, c *charge, h holding) presence {
	namespace := c.Ref.Namespace
	if scopeOf(c.Binding) != inNamespace {
		return there
	}
	for _, m := range c.shared.mighty[namespace] {
		itself := !slices.ContainsFunc(c.holders(h), func(s access.Bound) bool { return !m.is(s.Subject) })
		exists := m.who.Kind == rbacv1.GroupKind || view.Has(kube.ServiceAccounts.Ref(namespace, m.who.Name)) ||
			!access.Complete(view, kube.ServiceAccounts, namespace)
		if exists && !itself {
			return there
		}
	}
	return absent
}
