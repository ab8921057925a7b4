package rbac

import (
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// carrying tells whether the pods of a workload carry the token of their
// ServiceAccount.
type carrying int

const (
	without   carrying = iota
	noAccount          // a static pod, which the kubelet runs without a ServiceAccount
	automatic          // mounted because nothing says otherwise, or something asks for it
	projected          // by a volume that the template asks for, which is deliberate
	undecided          // the ServiceAccount decides, and the view does not hold it
)

// automounts is what decides on the mounting of a token: the pod, else the
// ServiceAccount, else yes (kubernetes.io/docs/tasks/configure-pod-container/
// configure-service-account).
func automounts(c *kube.Cluster, w *kube.Workload) carrying {
	if _, static := w.Annotations[corev1.MirrorPodAnnotationKey]; static && w.Ref.Kind == kube.Pods.Kind {
		return noAccount
	}
	if own := w.Pod.Spec.AutomountServiceAccountToken; own != nil {
		return carryingIf(*own)
	}
	account, held := c.ServiceAccounts.Get(w.Ref.Namespace, w.ServiceAccount())
	if held && account.AutomountServiceAccountToken != nil {
		return carryingIf(*account.AutomountServiceAccountToken)
	}
	if !held && w.ServiceAccount() != defaultAccount && !access.Complete(c, kube.ServiceAccounts, w.Ref.Namespace) {
		return undecided
	}
	return automatic
}

func carryingIf(mounts bool) carrying {
	if mounts {
		return automatic
	}
	return without
}

// carriesToken is [automounts], or a volume in the template that projects a
// token for the API server: one that names no other audience.
func carriesToken(c *kube.Cluster, w *kube.Workload) carrying {
	if mounts := automounts(c, w); mounts != without {
		return mounts
	}
	for i := range w.Pod.Spec.Volumes {
		v := w.Pod.Spec.Volumes[i].Projected
		if v == nil {
			continue
		}
		for _, source := range v.Sources {
			if source.ServiceAccountToken != nil && source.ServiceAccountToken.Audience == "" {
				return projected
			}
		}
	}
	return without
}

// mounted reports whether the token is mounted without the template having a
// volume for it. Where that cannot be told it says so of the subject.
func mounted(p *audit.Pass, w *kube.Workload) bool {
	switch automounts(p.Cluster, w) {
	case automatic:
		return true
	case noAccount:
		p.NotApplicable()
	case undecided:
		p.Unknown(undecidedReason(w))
	case without, projected:
	}
	return false
}

func undecidedReason(w *kube.Workload) string {
	return "ServiceAccount " + w.Ref.Namespace + "/" + w.ServiceAccount() + " is not in the view"
}

// defaultAccount is the ServiceAccount that every namespace has and that pods
// run as which name none.
const defaultAccount = "default"

// automountField is the field of a pod spec that decides on the token.
const automountField = "automountServiceAccountToken"

// permissions is what a workload's token is good for.
type permissions struct {
	// binding gives the most; nil if nothing is given that not everybody has.
	binding *access.Binding
	worst   audit.Severity // of the powers that the bindings give, 0 for none
	// unread is a binding whose role is not in the view; nil if there is none.
	unread *access.Binding
}

// permissionsOf finds what bindings give a ServiceAccount, by name or by group,
// besides what the API server gives all of them.
func permissionsOf(c *kube.Cluster, namespace, name string) permissions {
	return given.Of(c, access.Subject{Kind: rbacv1.ServiceAccountKind, Namespace: namespace, Name: name})
}

// given is what bindings give a ServiceAccount, for which several rules ask.
var given = kube.DeriveFor(func(c *kube.Cluster, account access.Subject) permissions {
	var all permissions
	shared := bindingsOf.Of(c)
	for _, b := range access.Of(c).GrantsOf(access.ServiceAccount(account.Namespace, account.Name)) {
		use := shared.use(b)
		switch {
		case b.Resolution == access.Unread:
			all.unread = b
			continue
		case use.harmless || b.Bootstrap && len(use.held) == 0:
			continue
		}
		worst := use.worst()
		if all.binding == nil || worst > all.worst {
			all.binding, all.worst = b, worst
		}
	}
	return all
}).From(access.Resources()...)

// withholdToken returns the fix that takes the token from a workload's pods,
// where nothing is known that it is good for.
func withholdToken(c *kube.Cluster, w *kube.Workload) []audit.Fix {
	if !w.Held || !w.Controller.IsZero() {
		return nil
	}
	if !knownPowerless(c, w.Ref.Namespace, w.ServiceAccount()) {
		return nil
	}
	fix := audit.SetField("do not mount the API token", w.Field(automountField), false)
	fix.Risk = "A program in the pod that talks to the API server, even if only to discover it, loses its identity."
	return []audit.Fix{fix}
}

// knownPowerless reports whether the view shows that a ServiceAccount is given
// nothing that not everybody has.
func knownPowerless(c *kube.Cluster, namespace, name string) bool {
	for _, r := range []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings} {
		if _, blind := c.Blind(r, namespace); blind {
			return false
		}
	}
	has := permissionsOf(c, namespace, name)
	return has.binding == nil && has.unread == nil
}
