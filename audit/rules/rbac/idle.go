package rbac

import (
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// steps returns by how much the reach of who lowers a severity. It is asked for
// when there is something to report, and is not part of what [bindingsOf]
// derives: it depends on workloads, which change more often than bindings.
func (c *charge) steps(view *kube.Cluster) int { return stepsOf(view, c.who) }

func stepsOf(view *kube.Cluster, who []access.Bound) int {
	if slices.ContainsFunc(who, func(s access.Bound) bool { return !remote(view, s.Subject) }) {
		return 0
	}
	return 1
}

// remote reports whether a power is further from an attacker than one held by a
// program that runs: held by people, whom a cluster needs, or by ServiceAccounts
// whose token no pod carries. What cannot be known of pods is not in favour.
func remote(c *kube.Cluster, s access.Subject) bool {
	switch {
	case s.Everybody():
		return false
	case s.HomeNamespace() == "":
		return true
	}
	return idle.Of(c, s)
}

// idle tells the ServiceAccounts, or groups of them, whose token no pod carries.
var idle = kube.DeriveFor(isIdle)

func isIdle(c *kube.Cluster, s access.Subject) bool {
	namespace := s.HomeNamespace()
	workloads := c.WorkloadsIn(namespace)
	if s.Kind == rbacv1.ServiceAccountKind {
		workloads = c.WorkloadsRunningAs(namespace, s.Name)
	}
	for _, w := range workloads {
		scaledToZero := w.Replicas != nil && *w.Replicas == 0
		if scaledToZero {
			continue
		}
		if token := carriesToken(c, w); token != without && token != noAccount {
			return false
		}
	}
	return access.Complete(c, kube.Pods, namespace)
}
