package isolation

import (
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// ciliumPolicy is what matters of a CiliumNetworkPolicy or its clusterwide kin:
// one rule, or a list of them.
type ciliumPolicy struct {
	Spec  *ciliumRule  `json:"spec"`
	Specs []ciliumRule `json:"specs"`
}

type ciliumRule struct {
	EndpointSelector  *metav1.LabelSelector `json:"endpointSelector"`
	NodeSelector      *metav1.LabelSelector `json:"nodeSelector"`
	EnableDefaultDeny struct {
		Ingress *bool `json:"ingress"`
		Egress  *bool `json:"egress"`
	} `json:"enableDefaultDeny"`
	Ingress     []ciliumTraffic `json:"ingress"`
	IngressDeny []ciliumTraffic `json:"ingressDeny"`
	Egress      []ciliumTraffic `json:"egress"`
	EgressDeny  []ciliumTraffic `json:"egressDeny"`
}

// ciliumTraffic is an entry of ingress, egress and their denials.
type ciliumTraffic map[string]any

// ciliumOrder is before all that allows: with Cilium a denial wins.
const ciliumOrder = 0

// ciliumPolicies reads a policy of Cilium, which has a selector for each of its
// rules. Those for nodes say nothing of pods.
func ciliumPolicies(r kube.Resource, o *unstructured.Unstructured) ([]*policy, error) {
	decoded, err := kube.Decode[ciliumPolicy](o)
	if err != nil {
		return nil, err
	}
	rules := decoded.Specs
	if decoded.Spec != nil {
		rules = append(rules, *decoded.Spec)
	}
	var policies []*policy
	for i := range rules {
		if rules[i].EndpointSelector == nil {
			continue
		}
		selector, err := CiliumSelector(rules[i].EndpointSelector)
		if err != nil {
			return nil, err
		}
		policies = append(policies, rules[i].policy(r.Ref(o.GetNamespace(), o.GetName()), selector))
	}
	return policies, nil
}

func (r *ciliumRule) policy(ref kube.Ref, selector labels.Selector) *policy {
	one := &policy{ref: ref, tier: ordinary, selects: func(p *pod) (bool, string) {
		if selector.Matches(ciliumLabels{p}) {
			return true, ""
		}
		if ref.Namespace == "" && !p.namespace.known && asksNamespace(selector) {
			return false, "the labels of namespace " + p.namespace.name + " are not in the view"
		}
		return false, ""
	}}
	one.demanded = ofPodsThemselves(selector)
	if asksOnlyNamespace(selector) {
		one.selectsAll = func(h home) (bool, string) { return one.selects(&pod{namespace: h}) }
	}
	one.effects[Ingress] = ciliumEffect(r.Ingress, r.IngressDeny, r.EnableDefaultDeny.Ingress)
	one.effects[Egress] = ciliumEffect(r.Egress, r.EgressDeny, r.EnableDefaultDeny.Egress)
	return one
}

// ciliumEffect is what a rule does in one direction: it isolates if it has an
// entry there, unless enableDefaultDeny says otherwise. An empty entry allows
// nothing, and is how everything is denied.
func ciliumEffect(allowed, denied []ciliumTraffic, defaultDeny *bool) effect {
	e := effect{isolates: len(allowed)+len(denied) > 0}
	if defaultDeny != nil {
		e.isolates = *defaultDeny
	}
	for _, t := range denied {
		if len(t) > 0 {
			e.steps = append(e.steps, step{ciliumOrder, deny, t.broad()})
		}
	}
	for _, t := range allowed {
		if len(t) > 0 {
			e.steps = append(e.steps, step{kubernetesOrder, allow, t.broad()})
		}
	}
	return e
}

// broad reports whether an entry is of all peers and all ports.
func (t ciliumTraffic) broad() bool {
	for _, peers := range []string{"fromEntities", "toEntities"} {
		entities, _ := t[peers].([]any)
		for _, entity := range entities {
			if entity == "all" {
				return len(t) == 1
			}
		}
	}
	return false
}

// The labels that Cilium gives to pods beside their own.
const (
	ciliumNamespace      = "io.kubernetes.pod.namespace"
	ciliumAccount        = "io.cilium.k8s.policy.serviceaccount"
	ciliumNamespaceLabel = "io.cilium.k8s.namespace.labels."
)

// CiliumSelector reads a selector of Cilium, whose keys may say where a label
// comes from: "k8s:app". The error is of one that does not parse.
func CiliumSelector(s *metav1.LabelSelector) (labels.Selector, error) {
	plain := &metav1.LabelSelector{MatchLabels: map[string]string{}}
	for key, value := range s.MatchLabels {
		plain.MatchLabels[ciliumKey(key)] = value
	}
	for _, e := range s.MatchExpressions {
		e.Key = ciliumKey(e.Key)
		plain.MatchExpressions = append(plain.MatchExpressions, e)
	}
	return metav1.LabelSelectorAsSelector(plain)
}

// ciliumKey takes the source off the key of a label, if it is one that labels of
// Kubernetes have. Other sources stay a part of it and match no pod; their colon
// is not one of a label of Kubernetes, and would not parse.
func ciliumKey(key string) string {
	source, rest, found := strings.Cut(key, ":")
	if !found {
		return key
	}
	if source == "k8s" || source == "any" {
		return rest
	}
	return source + "." + strings.ReplaceAll(rest, ":", ".")
}

// ciliumLabels are the labels by which Cilium knows a pod.
type ciliumLabels struct{ *pod }

// Has reports whether the pod has a label.
func (l ciliumLabels) Has(key string) bool {
	_, ok := l.Lookup(key)
	return ok
}

// Get returns the value of a label, "" if there is none.
func (l ciliumLabels) Get(key string) string {
	value, _ := l.Lookup(key)
	return value
}

// Lookup returns the value of a label and whether there is one.
func (l ciliumLabels) Lookup(key string) (string, bool) {
	switch key {
	case ciliumNamespace:
		return l.namespace.name, true
	case ciliumAccount:
		return l.account, true
	}
	if of, found := strings.CutPrefix(key, ciliumNamespaceLabel); found {
		value, ok := l.namespace.labels[of]
		return value, ok
	}
	value, ok := l.labels[key]
	return value, ok
}

// asksNamespace reports whether a selector minds labels of namespaces.
func asksNamespace(s labels.Selector) bool {
	requirements, _ := s.Requirements()
	for _, r := range requirements {
		if strings.HasPrefix(r.Key(), ciliumNamespaceLabel) {
			return true
		}
	}
	return false
}

// asksOnlyNamespace reports whether a selector minds nothing of a pod but the
// namespace that it is in.
func asksOnlyNamespace(s labels.Selector) bool {
	requirements, _ := s.Requirements()
	for _, r := range requirements {
		if r.Key() != ciliumNamespace && !strings.HasPrefix(r.Key(), ciliumNamespaceLabel) {
			return false
		}
	}
	return true
}

// ofPodsThemselves returns the labels of their own that a selector demands of pods.
func ofPodsThemselves(s labels.Selector) map[string]string {
	demanded := map[string]string{}
	requirements, _ := s.Requirements()
	for _, r := range requirements {
		if r.Operator() != selection.Equals && r.Operator() != selection.In || len(r.ValuesUnsorted()) != 1 {
			continue
		}
		if r.Key() == ciliumNamespace || r.Key() == ciliumAccount || strings.HasPrefix(r.Key(), ciliumNamespaceLabel) {
			continue
		}
		demanded[r.Key()] = r.ValuesUnsorted()[0]
	}
	return demanded
}
