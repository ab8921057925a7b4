package isolation

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Selects reports whether a policy that is a custom resource selects a pod
// or the template of a workload in a namespace.
func Selects(c *kube.Cluster, policy kube.Ref, namespace string) bool {
	return selectedIn.Of(c, namespace)[policy]
}

// selectedIn has the policies that select something in a namespace.
var selectedIn = kube.DeriveFor(func(c *kube.Cluster, namespace string) map[kube.Ref]bool {
	selected := map[kube.Ref]bool{}
	if !slices.ContainsFunc(custom(), func(r kube.Resource) bool { return c.Custom(r).Len() > 0 }) {
		return selected
	}
	home := homeOf(c, namespace)
	note := func(p pod) {
		for _, ref := range judge(c, namespace, p.labels, func(one *policy) (bool, string) { return one.selects(&p) }).Policies {
			selected[ref] = true
		}
	}
	for _, w := range c.WorkloadsIn(namespace) {
		if !w.Pod.Spec.HostNetwork {
			note(pod{labels: w.Pod.Labels, namespace: home, account: w.ServiceAccount()})
		}
	}
	for _, p := range c.Pods.In(namespace) { // they may bear more labels than their template
		if !p.Spec.HostNetwork {
			note(pod{labels: p.Labels, namespace: home, account: accountOf(p)})
		}
	}
	return selected
})

func accountOf(p *kube.Pod) string {
	if p.Spec.ServiceAccountName == "" {
		return "default"
	}
	return p.Spec.ServiceAccountName
}
