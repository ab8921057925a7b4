package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// claimant returns how somebody can create one of some ServiceAccounts and become
// it, to whom that would give a power as bad as this that they have not; false if
// nobody is known to.
func claimant(view *kube.Cluster, missing []access.Bound, severity audit.Severity) (access.Grant, bool) {
	if severity == 0 {
		return access.Grant{}, false
	}
	for _, s := range missing {
		for _, h := range creators.Of(view, s.Namespace) {
			if h.who != s.Subject && !h.holds(severity) {
				return access.Grant{Binding: h.binding, Subject: h.who}, true
			}
		}
	}
	return access.Grant{}, false
}

// creators are who may create ServiceAccounts of a namespace and act as them,
// those aside whom the server gives that itself.
var creators = kube.DeriveFor(func(view *kube.Cluster, namespace string) []holder {
	shared, index := bindingsOf.Of(view), access.Of(view)
	var all []holder
	for by := range index.WhoCan(access.Request{Verb: "create", Resource: "serviceaccounts", Namespace: namespace}) {
		h := holder{binding: by.Binding, who: by.Subject, shared: shared, index: index}
		if !by.Binding.Bootstrap && notMasters(access.Bound{Subject: by.Subject}) && h.becomes(view, namespace) {
			all = append(all, h)
		}
	}
	return all
}).From(access.Resources()...)

// becomes reports whether a holder who may create ServiceAccounts of a namespace
// may act as them, too.
func (h holder) becomes(view *kube.Cluster, namespace string) bool {
	if _, exists := view.Namespaces.Get("", namespace); !exists && access.Complete(view, kube.Namespaces, "") {
		if _, ok := h.mayInCluster(requests("", "namespaces", "", "create")...); !ok {
			return false
		}
	}
	act := requests("", "serviceaccounts", "token", "create")
	for _, r := range runners() {
		act = append(act, requests(r.Group, r.Plural, "", "create")...)
	}
	_, ok := h.mayWhere(func(where string) bool { return where == namespace }, act...)
	return ok
}

// holds reports whether the holder has a power of some severity over the cluster
// already.
func (h holder) holds(severity audit.Severity) bool {
	if h.binding.Wide() && h.shared.use(h.binding).worst() >= severity {
		return true
	}
	for b := range h.others {
		if b.Wide() && h.shared.use(b).worst() >= severity {
			return true
		}
	}
	return false
}
