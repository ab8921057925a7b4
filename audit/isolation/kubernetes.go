package isolation

import (
	"slices"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Applies reports whether a NetworkPolicy is about a direction, with the defaults
// of the API: all policies are about ingress, and those that have egress rules
// about egress, unless policyTypes says something else.
func Applies(spec *networkingv1.NetworkPolicySpec, d Direction) bool {
	if len(spec.PolicyTypes) > 0 {
		return slices.Contains(spec.PolicyTypes, [...]networkingv1.PolicyType{
			Ingress: networkingv1.PolicyTypeIngress, Egress: networkingv1.PolicyTypeEgress,
		}[d])
	}
	return d == Ingress || len(spec.Egress) > 0
}

// SelectsAll reports whether a label selector of the API selects everything.
func SelectsAll(s *metav1.LabelSelector) bool {
	return len(s.MatchLabels) == 0 && len(s.MatchExpressions) == 0
}

// kubernetesOrder is the order that Calico gives to NetworkPolicies among its own
// policies (the conversion of Kubernetes policies in libcalico-go).
const kubernetesOrder = 1000

func kubernetesPolicy(n *networkingv1.NetworkPolicy) *policy {
	selector, err := metav1.LabelSelectorAsSelector(&n.Spec.PodSelector)
	if err != nil {
		selector = labels.Nothing()
	}
	one := &policy{
		ref:  kube.NetworkPolicies.Ref(n.Namespace, n.Name),
		tier: ordinary, demanded: n.Spec.PodSelector.MatchLabels,
		selects: func(p *pod) (bool, string) {
			return selector.Matches(labels.Set(p.labels)), ""
		},
	}
	if SelectsAll(&n.Spec.PodSelector) {
		one.selectsAll = everywhere
	}
	if Applies(&n.Spec, Ingress) {
		one.effects[Ingress].isolates = true
		for _, r := range n.Spec.Ingress {
			one.effects[Ingress].allow(len(r.From) == 0 && len(r.Ports) == 0)
		}
	}
	if Applies(&n.Spec, Egress) {
		one.effects[Egress].isolates = true
		for _, r := range n.Spec.Egress {
			one.effects[Egress].allow(len(r.To) == 0 && len(r.Ports) == 0)
		}
	}
	return one
}

func (e *effect) allow(broad bool) {
	e.steps = append(e.steps, step{order: kubernetesOrder, action: allow, broad: broad})
}

func everywhere(home) (bool, string) { return true, "" }
