package isolation

import (
	"cmp"
	"slices"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Direction is that of traffic, as a pod sees it.
type Direction int

// The directions of traffic.
const (
	Ingress Direction = iota
	Egress
)

// String returns "ingress" or "egress".
func (d Direction) String() string { return [...]string{"ingress", "egress"}[d] }

// Level is how much policies let through in one direction.
type Level int

// The levels, from all to nothing.
const (
	Open       Level = iota // no policy isolates the pods
	AllowsAll               // policies isolate them, and together let everything pass
	Restricted              // some traffic passes
	Denied                  // none does
)

// Verdict is what policies let through in one direction.
type Verdict struct {
	Level Level
	// Policies are those that isolate the pods in this direction, in order.
	Policies []kube.Ref
	// Doubt says why there may be more restrictions than Level says; "" if all
	// policies are known. A Level other than Open is not in doubt about whether
	// something isolates the pods.
	Doubt string
}

// Isolates reports whether a policy stands between the pods and everybody else.
func (v Verdict) Isolates() bool { return v.Level >= Restricted }

// Isolation is what policies say of the pods of a workload.
type Isolation struct {
	Ingress, Egress Verdict
	// Policies are those that select the pods for any direction, in order.
	Policies []kube.Ref
}

// Any reports whether a policy isolates the pods in any direction, if only to allow
// everything. One of administrators that allows or denies something to somebody
// does not.
func (i Isolation) Any() bool { return len(i.Ingress.Policies)+len(i.Egress.Policies) > 0 }

// Of returns the verdict for one direction.
func (i Isolation) Of(d Direction) Verdict {
	if d == Egress {
		return i.Egress
	}
	return i.Ingress
}

// Of works out the isolation of a workload's pods. It is false for pods on the
// network of their node, to which network policies do not apply.
func Of(c *kube.Cluster, w *kube.Workload) (Isolation, bool) {
	if w.Pod.Spec.HostNetwork {
		return Isolation{}, false
	}
	p := pod{labels: w.Pod.Labels, namespace: homeOf(c, w.Ref.Namespace), account: w.ServiceAccount()}
	return judge(c, w.Ref.Namespace, p.labels, func(one *policy) (bool, string) { return one.selects(&p) }), true
}

// OfNamespace works out what isolates each pod of a namespace, whatever its
// labels: also one that nobody has thought of yet.
func OfNamespace(c *kube.Cluster, namespace string) Isolation {
	home := homeOf(c, namespace)
	return judge(c, namespace, nil, func(one *policy) (bool, string) {
		if one.selectsAll == nil {
			return false, ""
		}
		return one.selectsAll(home)
	})
}

// Consulted returns what a rule that asks this package depends on, beside
// NetworkPolicies, without which it should have no verdict.
func Consulted() []kube.Resource {
	return append([]kube.Resource{kube.Namespaces, kube.CustomResourceDefinitions}, custom()...)
}

// custom returns the kinds of policy that a cluster may have.
func custom() []kube.Resource { return append(customNamespaced(), customWide()...) }

func customNamespaced() []kube.Resource {
	return []kube.Resource{kube.CiliumNetworkPolicies, kube.CalicoNetworkPolicies}
}

func customWide() []kube.Resource {
	return []kube.Resource{
		kube.CiliumClusterwideNetworkPolicies, kube.GlobalNetworkPolicies,
		kube.AdminNetworkPolicies, kube.BaselineAdminNetworkPolicies, kube.ClusterNetworkPolicies,
	}
}

// judge puts together what the policies say that select certain pods; those that
// demand other labels need not be asked.
func judge(c *kube.Cluster, namespace string, labels map[string]string, selects func(*policy) (bool, string)) Isolation {
	doubt := blind(c, namespace)
	var selected []*policy
	for _, policies := range [...]*set{policiesIn.Of(c, namespace), clusterWide.Of(c)} {
		doubt = cmp.Or(doubt, policies.doubt)
		policies.selecting(labels, func(one *policy) {
			yes, why := selects(one)
			if doubt = cmp.Or(doubt, why); yes {
				selected = append(selected, one)
			}
		})
	}
	slices.SortStableFunc(selected, func(a, b *policy) int { return kube.CompareRefs(a.ref, b.ref) })
	i := Isolation{Ingress: combine(selected, Ingress), Egress: combine(selected, Egress)}
	for _, one := range selected {
		i.Policies = append(i.Policies, one.ref)
	}
	i.Ingress.Doubt, i.Egress.Doubt = doubt, doubt
	return i
}

// blind says which policies of a namespace cannot be seen, "" if none.
func blind(c *kube.Cluster, namespace string) string {
	for _, r := range customNamespaced() {
		if s, blind := c.Blind(r, namespace); blind {
			return whyBlind(s)
		}
	}
	for _, r := range customWide() {
		if s, blind := c.Blind(r, ""); blind {
			return whyBlind(s)
		}
	}
	return ""
}

func whyBlind(s kube.State) string { return s.Resource.String() + ": " + s.Phase.String() }
