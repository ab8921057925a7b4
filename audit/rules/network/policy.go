package network

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/isolation"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// eachPolicy returns a Check that judges every NetworkPolicy.
func eachPolicy(judge func(*audit.Pass, *networkingv1.NetworkPolicy)) audit.Check {
	return audit.EachObject(kube.NetworkPolicies,
		func(c *kube.Cluster) kube.Table[*networkingv1.NetworkPolicy] { return c.NetworkPolicies }, judge)
}

func policyType(d isolation.Direction) networkingv1.PolicyType {
	if d == isolation.Egress {
		return networkingv1.PolicyTypeEgress
	}
	return networkingv1.PolicyTypeIngress
}

// protocolOf returns a protocol with the API's default.
func protocolOf(p corev1.Protocol) corev1.Protocol {
	if p == "" {
		return corev1.ProtocolTCP
	}
	return p
}

// selectsPods reports whether a selector selects a pod template of a namespace or
// a pod, which may bear more labels than its template.
func selectsPods(c *kube.Cluster, namespace string, s *metav1.LabelSelector) bool {
	if len(c.WorkloadsSelected(namespace, s)) > 0 {
		return true
	}
	selector, err := metav1.LabelSelectorAsSelector(s)
	return err == nil && len(c.PodsSelected(namespace, selector)) > 0
}

// unseen returns which workloads of a namespace the view cannot see, and why; ""
// if it sees all. Manifests never show all.
func unseen(c *kube.Cluster, namespace string) string {
	for _, r := range kube.WorkloadResources() {
		if state, blind := c.Blind(r, namespace); blind {
			return r.String() + ": " + state.Phase.String()
		}
	}
	if c.Info.Offline {
		return "manifests do not show the pods that operators create"
	}
	return ""
}

// namespacesSelected returns the namespaces that a selector selects.
func namespacesSelected(c *kube.Cluster, s *metav1.LabelSelector) []string {
	selector, err := metav1.LabelSelectorAsSelector(s)
	if err != nil {
		return nil
	}
	candidates := labelled.Of(c)
	if name, ok := s.MatchLabels[corev1.LabelMetadataName]; ok {
		candidates = candidates.named(name)
	}
	var selected []string
	for _, n := range candidates {
		if selector.Matches(n.labels) {
			selected = append(selected, n.name)
		}
	}
	return selected
}

// labelledNamespace is a namespace with the labels that the API server gives it.
type labelledNamespace struct {
	name   string
	labels labels.Set
}

// labelledNamespaces are namespaces by name.
type labelledNamespaces []labelledNamespace

// named returns the namespace of a name: most selectors of namespaces ask for one.
func (all labelledNamespaces) named(name string) labelledNamespaces {
	i, ok := slices.BinarySearchFunc(all, name, func(n labelledNamespace, name string) int { return strings.Compare(n.name, name) })
	if !ok {
		return nil
	}
	return all[i : i+1]
}

// labelled has the namespaces of a view.
var labelled = kube.Derive(func(c *kube.Cluster) labelledNamespaces {
	var all labelledNamespaces
	for n := range c.Namespaces.All() {
		set := labels.Merge(n.Labels, labels.Set{corev1.LabelMetadataName: n.Name})
		all = append(all, labelledNamespace{n.Name, set})
	}
	return all
}).From(kube.Namespaces)
