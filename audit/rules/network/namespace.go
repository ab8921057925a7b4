package network

import (
	"fmt"
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/isolation"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// eachPopulated returns a Check that judges the namespaces in which something runs
// that network policies apply to. Manifests are a part of a cluster: there only a
// namespace that they define is judged.
func eachPopulated(judge func(*audit.Pass, string)) audit.Check {
	return audit.EachNamespace(func(p *audit.Pass, namespace string) {
		_, held := p.Cluster.Namespaces.Get("", namespace)
		if p.Cluster.Info.Offline && !held || !populated(p.Cluster, namespace) {
			p.NotApplicable()
			return
		}
		judge(p, namespace)
	})
}

// populated reports whether a workload of a namespace has a network of its own.
func populated(c *kube.Cluster, namespace string) bool {
	for _, w := range c.WorkloadsIn(namespace) {
		if !w.Pod.Spec.HostNetwork {
			return true
		}
	}
	return false
}

// consultedOfNamespaces is what a rule about the policies of a namespace depends on.
func consultedOfNamespaces() []kube.Resource {
	return append(isolation.Consulted(), kube.WorkloadResources()...)
}

// hasPolicies reports whether policies of any kind are in a namespace or isolate a
// workload of it, and why that cannot be told.
func hasPolicies(c *kube.Cluster, namespace string) (bool, string) {
	if len(c.NetworkPolicies.In(namespace)) > 0 || len(c.Custom(kube.CiliumNetworkPolicies).In(namespace)) > 0 ||
		len(c.Custom(kube.CalicoNetworkPolicies).In(namespace)) > 0 {
		return true, ""
	}
	doubt := ""
	for _, w := range c.WorkloadsIn(namespace) {
		i, ok := isolation.Of(c, w)
		if !ok {
			continue
		}
		if i.Any() {
			return true, ""
		}
		doubt = i.Ingress.Doubt
	}
	return false, doubt
}

// judgeDefaults returns the judge of namespaces in which no policy isolates all
// pods in the given directions. What a policy for all pods allows is an exception
// to its denial; only one that allows everything denies nothing.
func judgeDefaults(lacking ...isolation.Direction) func(*audit.Pass, string) {
	return func(p *audit.Pass, namespace string) {
		i := isolation.OfNamespace(p.Cluster, namespace)
		var open []isolation.Direction
		for _, d := range []isolation.Direction{isolation.Ingress, isolation.Egress} {
			if !i.Of(d).Isolates() {
				open = append(open, d)
			}
		}
		switch {
		case len(open) > 0 && len(open) != len(lacking):
			p.NotApplicable() // the rule about both directions or that about one says so
		case !slices.Equal(open, lacking):
		case i.Ingress.Doubt != "":
			p.Unknown(i.Ingress.Doubt)
		default:
			p.Report(lackingDefault(p.Cluster, namespace, lacking))
		}
	}
}

func lackingDefault(c *kube.Cluster, namespace string, lacking []isolation.Direction) audit.Finding {
	what := lacking[0].String()
	if len(lacking) > 1 {
		what = "ingress and egress"
	}
	f := audit.Finding{
		Message: fmt.Sprintf("no policy denies %s by default", what),
		Detail: fmt.Sprintf("No policy for all pods of namespace %s restricts %s: a pod that no other policy selects is open.",
			namespace, what),
	}
	i := isolation.OfNamespace(c, namespace)
	if slices.ContainsFunc(lacking, func(d isolation.Direction) bool { return i.Of(d).Level != isolation.AllowsAll }) {
		f.Fixes = []audit.Fix{denyByDefault(c, namespace, lacking)}
	} // else policies add up: what one of them allows, a further one does not take back
	if some, _ := hasPolicies(c, namespace); !some {
		f.Implied = "namespace-without-network-policy"
	}
	return f
}
