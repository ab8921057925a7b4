package isolation

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// administratorPolicy is what matters of an AdminNetworkPolicy, of a
// BaselineAdminNetworkPolicy and of the ClusterNetworkPolicy that replaces both
// (sigs.k8s.io/network-policy-api).
type administratorPolicy struct {
	Spec struct {
		Tier     string `json:"tier"`
		Priority int64  `json:"priority"`
		Subject  struct {
			Namespaces *metav1.LabelSelector `json:"namespaces"`
			Pods       *struct {
				NamespaceSelector metav1.LabelSelector `json:"namespaceSelector"`
				PodSelector       metav1.LabelSelector `json:"podSelector"`
			} `json:"pods"`
		} `json:"subject"`
		Ingress []administratorRule `json:"ingress"`
		Egress  []administratorRule `json:"egress"`
	} `json:"spec"`
}

type administratorRule struct {
	Action    string              `json:"action"`
	From      []administratorPeer `json:"from"`
	To        []administratorPeer `json:"to"`
	Ports     []any               `json:"ports"`
	Protocols []any               `json:"protocols"`
}

type administratorPeer struct {
	Namespaces *metav1.LabelSelector `json:"namespaces"`
	Networks   []string              `json:"networks"`
}

func readAdministratorPolicy(r kube.Resource, o *unstructured.Unstructured) (*policy, error) {
	decoded, err := kube.Decode[administratorPolicy](o)
	if err != nil {
		return nil, err
	}
	spec := &decoded.Spec
	one := &policy{ref: r.Ref("", o.GetName()), tier: admin}
	if r == kube.BaselineAdminNetworkPolicies || spec.Tier == "Baseline" {
		one.tier = baseline
	}
	namespaces, pods := &metav1.LabelSelector{}, &metav1.LabelSelector{}
	switch subject := spec.Subject; {
	case subject.Pods != nil:
		namespaces, pods = &subject.Pods.NamespaceSelector, &subject.Pods.PodSelector
	case subject.Namespaces != nil:
		namespaces = subject.Namespaces
	}
	ofNamespaces, err := metav1.LabelSelectorAsSelector(namespaces)
	if err != nil {
		return nil, err
	}
	ofPods, err := metav1.LabelSelectorAsSelector(pods)
	if err != nil {
		return nil, err
	}
	one.selects = func(p *pod) (bool, string) {
		if !ofPods.Matches(labels.Set(p.labels)) {
			return false, ""
		}
		return p.namespace.selectedBy(ofNamespaces)
	}
	if ofPods.Empty() {
		one.selectsAll = func(h home) (bool, string) { return h.selectedBy(ofNamespaces) }
	}
	one.effects[Ingress].steps = administratorSteps(spec.Ingress, spec.Priority)
	one.effects[Egress].steps = administratorSteps(spec.Egress, spec.Priority)
	return one, nil
}

func administratorSteps(rules []administratorRule, priority int64) []step {
	var steps []step
	for i, r := range rules {
		s := step{order: float64(priority) + float64(i)/1000} // of at most 100 rules
		switch r.Action {
		case "Allow", "Accept":
			s.action = allow
		case "Deny":
			s.action = deny
		default:
			s.action = pass
		}
		s.broad = len(r.Ports) == 0 && len(r.Protocols) == 0 && r.ofAllPods()
		steps = append(steps, s)
	}
	return steps
}

// ofAllPods reports whether a rule is of all pods of the cluster.
func (r *administratorRule) ofAllPods() bool {
	for _, peers := range [...][]administratorPeer{r.From, r.To} {
		for _, peer := range peers {
			if peer.Namespaces != nil && SelectsAll(peer.Namespaces) {
				return true
			}
		}
	}
	return false
}
