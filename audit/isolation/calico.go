package isolation

import (
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// calicoPolicy is what matters of a NetworkPolicy or GlobalNetworkPolicy of Calico.
type calicoPolicy struct {
	Spec calicoSpec `json:"spec"`
}

type calicoSpec struct {
	Tier                   string       `json:"tier"`
	Order                  *float64     `json:"order"`
	Selector               string       `json:"selector"`
	NamespaceSelector      string       `json:"namespaceSelector"`
	ServiceAccountSelector string       `json:"serviceAccountSelector"`
	Types                  []string     `json:"types"`
	Ingress                []calicoRule `json:"ingress"`
	Egress                 []calicoRule `json:"egress"`
	PreDNAT                bool         `json:"preDNAT"`
	DoNotTrack             bool         `json:"doNotTrack"`
}

// calicoRule is one rule: what it demands beside its action narrows it.
type calicoRule map[string]any

// calicoLast is the order of policies that give none: the last.
const calicoLast = 1e300

// readCalicoPolicy reads a policy of Calico, nil if it is not for pods.
func readCalicoPolicy(r kube.Resource, o *unstructured.Unstructured) (*policy, error) {
	decoded, err := kube.Decode[calicoPolicy](o)
	if err != nil {
		return nil, err
	}
	spec := &decoded.Spec
	if spec.PreDNAT || spec.DoNotTrack {
		return nil, nil // for the interfaces of hosts
	}
	one := &policy{ref: r.Ref(o.GetNamespace(), o.GetName()), tier: ordinary}
	if err := spec.selectInto(one); err != nil {
		return nil, err
	}
	order := calicoLast
	if spec.Order != nil {
		order = *spec.Order
	}
	for d, rules := range [...][]calicoRule{Ingress: spec.Ingress, Egress: spec.Egress} {
		if !calicoApplies(spec.Types, Direction(d), len(spec.Ingress) > 0, len(spec.Egress) > 0) {
			continue
		}
		one.effects[d].isolates = true
		for _, rule := range rules {
			if s, ok := rule.step(order); ok {
				one.effects[d].steps = append(one.effects[d].steps, s)
			}
		}
	}
	return one, nil
}

// selectInto has a policy select what the selectors of a spec do.
func (s *calicoSpec) selectInto(one *policy) error {
	ofPods, keys, err := parseCalico(s.Selector)
	if err != nil {
		return fmt.Errorf("reading the selector of %s: %w", one.ref, err)
	}
	ofNamespaces, _, err := parseCalico(s.NamespaceSelector)
	if err != nil {
		return fmt.Errorf("reading the namespaceSelector of %s: %w", one.ref, err)
	}
	doubt := ""
	switch {
	case s.ServiceAccountSelector != "" && s.ServiceAccountSelector != calicoAll:
		doubt = fmt.Sprintf("%s selects by labels of ServiceAccounts", one.ref)
	case s.Tier != "" && s.Tier != "default":
		doubt = fmt.Sprintf("the order of tier %s, which %s is in, is not read", s.Tier, one.ref)
	}
	one.selects = func(p *pod) (bool, string) {
		if !ofPods(p.calicoLabel) {
			return false, ""
		}
		yes, why := p.namespace.selectedByCalico(ofNamespaces, s.NamespaceSelector)
		if yes && doubt != "" {
			return false, doubt
		}
		return yes, why
	}
	if !slices.ContainsFunc(keys, ofPodItself) {
		one.selectsAll = func(h home) (bool, string) { return one.selects(&pod{namespace: h}) }
	}
	return nil
}

// ofPodItself reports whether a label that a selector looks up is one of the pod,
// and not of where it is.
func ofPodItself(key string) bool {
	return key != calicoNamespace && key != calicoOrchestrator && !strings.HasPrefix(key, calicoNamespaceLabel)
}

// calicoApplies reports whether a policy is about a direction. Without types it
// is about ingress, unless it has egress rules alone, and about egress if it has
// egress rules (defaultPolicyTypesField in libcalico-go).
func calicoApplies(types []string, d Direction, hasIngress, hasEgress bool) bool {
	if len(types) > 0 {
		return slices.Contains(types, [...]string{Ingress: "Ingress", Egress: "Egress"}[d])
	}
	if d == Egress {
		return hasEgress
	}
	return hasIngress || !hasEgress
}

// step returns the rule as a step, false for one that only logs.
func (r calicoRule) step(order float64) (step, bool) {
	s := step{order: order, broad: true}
	switch r["action"] {
	case "Allow":
	case "Deny":
		s.action = deny
	case "Pass":
		s.action = pass
	default:
		return s, false
	}
	for field, demand := range r {
		if field != "action" && field != "metadata" && demands(demand) {
			s.broad = false
		}
	}
	return s, true
}

// demands reports whether the field of a rule narrows it: an empty source is as
// good as none.
func demands(field any) bool {
	switch field := field.(type) {
	case nil:
		return false
	case map[string]any:
		return len(field) > 0
	}
	return true
}

// The labels that Calico gives to pods beside their own.
const (
	calicoNamespace      = "projectcalico.org/namespace"
	calicoOrchestrator   = "projectcalico.org/orchestrator"
	calicoAccount        = "projectcalico.org/serviceaccount"
	calicoNamespaceLabel = "pcns."
	calicoName           = "projectcalico.org/name" // of a namespace
	calicoAll            = "all()"
)

// calicoLabel returns a label by which Calico knows the pod.
func (p *pod) calicoLabel(key string) (string, bool) {
	switch key {
	case calicoNamespace:
		return p.namespace.name, true
	case calicoOrchestrator:
		return "k8s", true
	case calicoAccount:
		return p.account, true
	}
	if of, found := strings.CutPrefix(key, calicoNamespaceLabel); found {
		value, ok := p.namespace.labels[of]
		return value, ok
	}
	value, ok := p.labels[key]
	return value, ok
}

// selectedByCalico is [home.selectedBy] for a selector of Calico, which is asked
// only where it is written.
func (h home) selectedByCalico(s calicoSelector, text string) (bool, string) {
	if strings.TrimSpace(text) == "" {
		return true, ""
	}
	if s(func(key string) (string, bool) {
		if key == calicoName {
			return h.name, true
		}
		value, ok := h.labels[key]
		return value, ok
	}) {
		return true, ""
	}
	if !h.known {
		return false, "the labels of namespace " + h.name + " are not in the view"
	}
	return false, ""
}
