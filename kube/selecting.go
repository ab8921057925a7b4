package kube

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// WorkloadsSelected returns the workloads whose pod templates a label selector
// of an API object selects in a namespace: an empty selector selects all, nil
// none. A selector that does not parse selects none.
func (c *Cluster) WorkloadsSelected(namespace string, selector *metav1.LabelSelector) []*Workload {
	if selector == nil {
		return nil
	}
	candidates := c.WorkloadsIn(namespace)
	if len(selector.MatchLabels) > 0 {
		candidates = byLabel.Of(c, namespace).fewest(selector.MatchLabels)
	}
	if len(candidates) == 0 {
		return nil
	}
	s := parsed.Of(c, selector)
	var selected []*Workload
	for _, w := range candidates {
		if s.Matches(labels.Set(w.Pod.Labels)) {
			selected = append(selected, w)
		}
	}
	return selected
}

// parsed has the label selectors of the view's objects, parsed, which costs more
// than all that is then asked of them.
var parsed = DeriveFor(func(_ *Cluster, s *metav1.LabelSelector) labels.Selector {
	return selectorOf(s)
}).From(PodDisruptionBudgets, NetworkPolicies)

// label is one label of an object.
type label struct{ key, value string }

// labelled has workloads by each label of their pod templates.
type labelled map[label][]*Workload

var byLabel = DeriveFor(func(c *Cluster, namespace string) labelled {
	by := labelled{}
	for _, w := range c.WorkloadsIn(namespace) {
		for key, value := range w.Pod.Labels {
			l := label{key, value}
			by[l] = append(by[l], w)
		}
	}
	return by
})

// fewest returns the workloads that have the rarest of some labels.
func (by labelled) fewest(demanded map[string]string) []*Workload {
	var fewest []*Workload
	first := true
	for key, value := range demanded {
		if having := by[label{key, value}]; first || len(having) < len(fewest) {
			fewest, first = having, false
		}
	}
	return fewest
}

// WorkloadsServed returns the workloads whose pods a Service sends traffic to, by
// kind and name. One without a selector has none.
func (c *Cluster) WorkloadsServed(s *corev1.Service) []*Workload {
	if len(s.Spec.Selector) == 0 {
		return nil
	}
	var served []*Workload
	for _, w := range byLabel.Of(c, s.Namespace).fewest(s.Spec.Selector) {
		if demandsNoMore(s.Spec.Selector, w.Pod.Labels) {
			served = append(served, w)
		}
	}
	return served
}

// ServicesSelecting returns the Services that send traffic to a workload's
// pods, by name. A Service without a selector selects nothing: its endpoints are
// made by hand.
func (c *Cluster) ServicesSelecting(w *Workload) []*corev1.Service {
	return servicesIn.Of(c, w.Ref.Namespace).selecting(c, w.Pod.Labels)
}

// ServicesSelectingPod is [Cluster.ServicesSelecting] for one pod, by the labels
// that it has itself: a StatefulSet gives each of its pods a label of its own, by
// which a Service may select it alone.
func (c *Cluster) ServicesSelectingPod(p *Pod) []*corev1.Service {
	return servicesIn.Of(c, p.Namespace).selecting(c, p.Labels)
}

var servicesIn = DeriveFor(func(c *Cluster, namespace string) *selectors[*corev1.Service] {
	var all []selector[*corev1.Service]
	for _, s := range c.Services.In(namespace) {
		if len(s.Spec.Selector) > 0 {
			all = append(all, selector[*corev1.Service]{object: s, demanded: s.Spec.Selector})
		}
	}
	return selectorsOf(all)
}).From(Services)

// BudgetsSelecting returns the PodDisruptionBudgets that select a workload's
// pods, by name.
func (c *Cluster) BudgetsSelecting(w *Workload) []*policyv1.PodDisruptionBudget {
	return budgetsIn.Of(c, w.Ref.Namespace).selecting(c, w.Pod.Labels)
}

var budgetsIn = DeriveFor(func(c *Cluster, namespace string) *selectors[*policyv1.PodDisruptionBudget] {
	var all []selector[*policyv1.PodDisruptionBudget]
	for _, b := range c.PodDisruptionBudgets.In(namespace) {
		if b.Spec.Selector != nil {
			all = append(all, selector[*policyv1.PodDisruptionBudget]{b, b.Spec.Selector.MatchLabels, b.Spec.Selector})
		}
	}
	return selectorsOf(all)
}).From(PodDisruptionBudgets)

// selector is the label selector of an object.
type selector[T any] struct {
	object   T
	demanded map[string]string // labels that it demands
	// whole is all of it, which is dear to ask; nil where it demands no more.
	whole *metav1.LabelSelector
}

// selectors finds, of the label selectors of a namespace, those that select an
// object without trying each: two thousand workloads and as many Services make
// four million pairs.
type selectors[T any] struct {
	all []selector[T]
	// byLabel has the index of each by the rarest of the labels that it demands,
	// open of those that demand none.
	byLabel map[label][]int
	open    []int
}

func selectorsOf[T any](all []selector[T]) *selectors[T] {
	x := &selectors[T]{all: all, byLabel: make(map[label][]int, len(all))}
	count := map[label]int{}
	for _, s := range all {
		for key, value := range s.demanded {
			count[label{key, value}]++
		}
	}
	for i, s := range all {
		var rarest label
		for key, value := range s.demanded {
			if l := (label{key, value}); rarest.key == "" || count[l] < count[rarest] {
				rarest = l
			}
		}
		if len(s.demanded) == 0 {
			x.open = append(x.open, i)
			continue
		}
		x.byLabel[rarest] = append(x.byLabel[rarest], i)
	}
	return x
}

// selecting returns the objects, in their order, that select a set of labels.
func (x *selectors[T]) selecting(c *Cluster, set map[string]string) []T {
	if len(x.all) == 0 {
		return nil
	}
	var few [8]int
	found := few[:0]
	try := func(candidates []int) {
		for _, i := range candidates {
			if x.all[i].selects(c, set) {
				found = append(found, i)
			}
		}
	}
	try(x.open)
	for key, value := range set {
		try(x.byLabel[label{key, value}])
	}
	if len(found) == 0 {
		return nil
	}
	slices.Sort(found)
	objects := make([]T, len(found))
	for i, at := range found {
		objects[i] = x.all[at].object
	}
	return objects
}

func (s *selector[T]) selects(c *Cluster, set map[string]string) bool {
	return demandsNoMore(s.demanded, set) && (s.whole == nil || parsed.Of(c, s.whole).Matches(labels.Set(set)))
}

// demandsNoMore reports whether a set has all of the labels that are demanded.
func demandsNoMore(demanded, set map[string]string) bool {
	for key, value := range demanded {
		if has, ok := set[key]; !ok || has != value {
			return false
		}
	}
	return true
}
