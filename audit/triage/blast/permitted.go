package blast

import (
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/seaworthy-dev/seaworthy/audit/isolation"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// admitting is a NetworkPolicy that lets in peers which it names by the labels of their
// pods. Whoever lets in a whole namespace, or everybody, has nobody in mind.
type admitting struct {
	name     string
	selector labels.Selector
	peers    []*networkingv1.NetworkPolicyPeer
}

// admittingIn has those of a namespace.
var admittingIn = kube.DeriveFor(func(c *kube.Cluster, namespace string) []admitting {
	var all []admitting
	for _, n := range c.NetworkPolicies.In(namespace) {
		if !isolation.Applies(&n.Spec, isolation.Ingress) {
			continue
		}
		selector, err := metav1.LabelSelectorAsSelector(&n.Spec.PodSelector)
		if err != nil {
			continue
		}
		a := admitting{name: n.Name, selector: selector}
		for i := range n.Spec.Ingress {
			for j := range n.Spec.Ingress[i].From {
				if peer := &n.Spec.Ingress[i].From[j]; peer.PodSelector != nil && !isolation.SelectsAll(peer.PodSelector) {
					a.peers = append(a.peers, peer)
				}
			}
		}
		if len(a.peers) > 0 {
			all = append(all, a)
		}
	}
	return all
}).From(kube.NetworkPolicies)

// permitted returns the workloads that a NetworkPolicy lets call a workload: somebody
// thought that they do, which is no proof.
func (w *walk) permitted(workload *kube.Workload) []edge {
	if workload.Pod.Spec.HostNetwork {
		return nil // policies do not apply
	}
	var edges []edge
	added := map[kube.Ref]bool{workload.Ref: true}
	for _, a := range admittingIn.Of(w.c, workload.Ref.Namespace) {
		if !a.selector.Matches(labels.Set(workload.Pod.Labels)) {
			continue
		}
		for _, peer := range a.peers {
			for _, namespace := range w.peerNamespaces(workload.Ref.Namespace, peer) {
				for _, other := range w.c.WorkloadsSelected(namespace, peer.PodSelector) {
					if !added[other.Ref] {
						added[other.Ref] = true
						edges = append(edges, edge{to: other.Ref, relation: Permitted, certainty: Hint, detail: "NetworkPolicy " + a.name})
					}
				}
			}
		}
	}
	return edges
}

// peerNamespaces returns the namespaces of a peer: that of the policy, unless it selects
// others.
func (w *walk) peerNamespaces(home string, peer *networkingv1.NetworkPolicyPeer) []string {
	if peer.NamespaceSelector == nil {
		return []string{home}
	}
	w.look("", kube.Namespaces)
	selector, err := metav1.LabelSelectorAsSelector(peer.NamespaceSelector)
	if err != nil {
		return nil
	}
	var names []string
	for _, name := range w.spaces.names {
		set := labels.Set{corev1.LabelMetadataName: name} // which every namespace has (KEP-2161)
		if n, held := w.c.Namespaces.Get("", name); held {
			set = labels.Merge(set, n.Labels)
		}
		if selector.Matches(set) {
			names = append(names, name)
		}
	}
	return names
}
