package network

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/isolation"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// ingressRules returns what lets in the callers that were found. The pods of the
// namespace itself are among them unless another policy lets them in.
func (f *callers) ingressRules(own bool) []any {
	var rules []any
	add := func(ports []socket, peers ...any) {
		if len(ports) == 0 {
			return
		}
		rule := map[string]any{"ports": portValues(ports)}
		if len(peers) > 0 {
			rule["from"] = peers
		}
		rules = append(rules, rule)
	}
	add(f.outside)
	add(f.anyPods, map[string]any{"namespaceSelector": map[string]any{}})
	for _, namespace := range slices.Sorted(maps.Keys(f.pods)) {
		add(f.pods[namespace], inNamespace(namespace))
	}
	if own {
		add(f.own, map[string]any{"podSelector": map[string]any{}})
	}
	return rules
}

// unknown says what lets in more than was found; "" where nothing does.
func (f *callers) unknown() string {
	if len(f.unseen) == 0 {
		return ""
	}
	return fmt.Sprintf(" The view does not show which pods %s brings: those of all namespaces may connect to its ports.",
		strings.Join(f.unseen, " and "))
}

// blindTo says which ways of callers the view does not show; "" if it shows all that
// leave a trace.
func blindTo(c *kube.Cluster, namespace string) string {
	var kinds []string
	for _, r := range append([]kube.Resource{kube.Services, kube.Ingresses, kube.ServiceMonitors, kube.PodMonitors}, routeResources()...) {
		if state, blind := c.Blind(r, namespace); blind && state.Phase != kube.Absent {
			kinds = append(kinds, fmt.Sprintf("%s (%s)", r, state.Phase))
		}
	}
	if len(kinds) == 0 {
		return ""
	}
	return " Not read, so that whom they bring is cut off: " + few(kinds) + "."
}

func portValues(ports []socket) []any {
	values := make([]any, len(ports))
	for i, p := range ports {
		values[i] = map[string]any{"port": int64(p.number), "protocol": string(p.protocol)}
	}
	return values
}

// inNamespace is the peer of all pods of a namespace, by the label that the API server
// gives each (kubernetes.io/metadata.name).
func inNamespace(name string) map[string]any {
	return map[string]any{"namespaceSelector": map[string]any{
		"matchLabels": map[string]any{corev1.LabelMetadataName: name},
	}}
}

// nameServers is the egress rule that lets names be resolved. The cluster's servers
// are in kube-system and listen on 53; those of OpenShift are elsewhere
// (docs.openshift.com, DNS Operator).
func nameServers(c *kube.Cluster) map[string]any {
	namespace, port := "kube-system", int32(53)
	if _, held := c.Services.Get("openshift-dns", "dns-default"); held {
		namespace, port = "openshift-dns", 5353
	}
	return map[string]any{
		"to":    []any{inNamespace(namespace)},
		"ports": portValues([]socket{{port, corev1.ProtocolUDP}, {port, corev1.ProtocolTCP}}),
	}
}

// cutEgress says what egress rules of name resolution and the own namespace cut.
const cutEgress = "Connections to other namespaces and out of the cluster are cut, but for name resolution; " +
	"objects do not show what a program connects to."

// isolateIngress are the fixes that let in the callers that were found, and those
// that come to the declared ports, from wherever.
func isolateIngress(c *kube.Cluster, w *kube.Workload) []audit.Fix {
	selector, ok := selectorValue(w)
	if !ok {
		return nil
	}
	callers := callersOf(c, w)
	fix := func(title, risk string, rules []any) audit.Fix {
		spec := map[string]any{"podSelector": selector, "policyTypes": []any{string(policyType(isolation.Ingress))}}
		if len(rules) > 0 {
			spec["ingress"] = rules
		}
		return audit.Fix{Title: title, New: []audit.Object{policyObject(c, w.Ref.Namespace, w.Ref.Name, spec)}, Risk: risk}
	}
	rules, blind := callers.ingressRules(true), blindTo(c, w.Ref.Namespace)
	if len(rules) == 0 {
		return []audit.Fix{fix("deny ingress", "Nothing shows that somebody connects to the pods; who does is cut off."+blind, nil)}
	}
	fixes := []audit.Fix{fix("allow ingress from the callers that Services, Ingresses and ports show",
		"Callers in other namespaces that no object shows are cut off."+callers.unknown()+blind, rules)}
	if ports := declaredPorts(w); len(ports) > 0 {
		fixes = append(fixes, fix("allow ingress to the declared ports alone", "Connections to ports that the pods do not declare are cut.",
			[]any{map[string]any{"ports": ports}}))
	}
	return fixes
}

// isolateEgress is the fix that lets pods resolve names and connect to those of their
// namespace.
func isolateEgress(c *kube.Cluster, w *kube.Workload) []audit.Fix {
	selector, ok := selectorValue(w)
	if !ok {
		return nil
	}
	return []audit.Fix{{
		Title: "allow egress to name servers and to the pods of the namespace alone",
		New: []audit.Object{policyObject(c, w.Ref.Namespace, w.Ref.Name+"-egress", map[string]any{
			"podSelector": selector, "policyTypes": []any{string(policyType(isolation.Egress))},
			"egress": []any{nameServers(c), map[string]any{"to": []any{map[string]any{"podSelector": map[string]any{}}}}},
		})},
		Risk: cutEgress,
	}}
}

// denyByDefault is the fix that denies directions for all pods of a namespace, and
// allows what is found: names are resolved, the pods of the namespace reach each other
// where it has Services, and the callers from elsewhere reach each workload that no
// policy isolates. What policies that are there deny stays denied.
func denyByDefault(c *kube.Cluster, namespace string, denied []isolation.Direction) audit.Fix {
	name, what := "default-deny-"+denied[0].String(), denied[0].String()
	if len(denied) > 1 {
		name, what = "default-deny", "ingress and egress"
	}
	types := make([]any, len(denied))
	for i, d := range denied {
		types[i] = string(policyType(d))
	}
	policies := policySet{cluster: c, namespace: namespace}
	policies.add(name, map[string]any{"podSelector": map[string]any{}, "policyTypes": types})
	open, untouched := openWorkloads(c, namespace, denied)
	among := untouched && slices.ContainsFunc(c.Services.In(namespace), func(s *corev1.Service) bool { return len(s.Spec.Selector) > 0 })
	if among {
		policies.allowAmong(denied, types)
	}
	var risks []string
	if slices.Contains(denied, isolation.Ingress) {
		risks = append(risks, "Callers in other namespaces that no Service, Ingress or annotation shows are cut off."+
			policies.allowCallers(open, !among)+blindTo(c, namespace))
	}
	if slices.Contains(denied, isolation.Egress) {
		policies.add("allow-dns", map[string]any{
			"podSelector": map[string]any{}, "policyTypes": []any{string(policyType(isolation.Egress))},
			"egress": []any{nameServers(c)},
		})
		risks = append(risks, cutEgress)
	}
	title := "deny " + what + " by default"
	if len(policies.objects) > 1 {
		title += ", and allow what is found"
	}
	return audit.Fix{Title: title, New: policies.objects, Risk: strings.Join(risks, " ")}
}

// openWorkloads returns the workloads of a namespace that no policy isolates from
// callers, and whether none is isolated in any of some directions.
func openWorkloads(c *kube.Cluster, namespace string, directions []isolation.Direction) (open []*kube.Workload, untouched bool) {
	untouched = true
	for _, w := range c.WorkloadsIn(namespace) {
		i, applies := isolation.Of(c, w)
		if !applies {
			continue
		}
		if i.Ingress.Level == isolation.Open {
			open = append(open, w)
		}
		for _, d := range directions {
			untouched = untouched && i.Of(d).Level == isolation.Open
		}
	}
	return open, untouched
}

// policySet are new policies of a namespace.
type policySet struct {
	cluster   *kube.Cluster
	namespace string
	objects   []audit.Object
	names     map[string]bool
}

func (s *policySet) add(name string, spec map[string]any) {
	if s.names == nil {
		s.names = map[string]bool{}
	}
	s.names[name] = true
	s.objects = append(s.objects, policyObject(s.cluster, s.namespace, name, spec))
}

// allowAmong lets the pods of the namespace reach each other.
func (s *policySet) allowAmong(directions []isolation.Direction, types []any) {
	spec := map[string]any{"podSelector": map[string]any{}, "policyTypes": types}
	peers := []any{map[string]any{"podSelector": map[string]any{}}}
	for _, d := range directions {
		if d == isolation.Egress {
			spec["egress"] = []any{map[string]any{"to": peers}}
			continue
		}
		spec["ingress"] = []any{map[string]any{"from": peers}}
	}
	s.add("allow-same-namespace", spec)
}

// allowCallers lets the callers of workloads in, and returns what is not known of them.
func (s *policySet) allowCallers(open []*kube.Workload, own bool) string {
	unknown := &callers{}
	for _, w := range open {
		selector, ok := selectorValue(w)
		if !ok {
			continue
		}
		found := callersOf(s.cluster, w)
		rules := found.ingressRules(own)
		if len(rules) == 0 {
			continue
		}
		name := w.Ref.Name
		if s.names[name] {
			name += "-" + strings.ToLower(w.Ref.Kind)
		}
		s.add(name, map[string]any{
			"podSelector": selector, "policyTypes": []any{string(policyType(isolation.Ingress))}, "ingress": rules,
		})
		unknown.unseen = append(unknown.unseen, found.unseen...)
	}
	slices.Sort(unknown.unseen)
	unknown.unseen = slices.Compact(unknown.unseen)
	return unknown.unknown()
}
