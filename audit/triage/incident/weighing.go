package incident

import (
	corev1 "k8s.io/api/core/v1"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// weighing keeps what was asked of views, by namespace: nearly all of them are as
// they were in the view before.
type weighing struct {
	*owners
	update int // counts the Updates
	spaces map[string]*seen
	nodes  rows[*corev1.Node]
	noded  int // the Update in which the nodes last changed
}

// seen is what a namespace was like when it was last looked at.
type seen struct {
	namespace string
	stamp
	looked, changed int // by Update
}

// dated is an answer and the Update in which it was given.
type dated[T any] struct {
	value  T
	update int
}

// stamp tells whether something changed on which answers depend: views share the
// rows of what did not. It holds on to the rows, so that no others take their place.
type stamp struct {
	pods        rows[*kube.Pod]
	workloads   rows[*kube.Workload]
	sets        rows[*kube.ReplicaSet]
	services    rows[*corev1.Service]
	budgets     rows[*policyv1.PodDisruptionBudget]
	autoscalers rows[*autoscalingv2.HorizontalPodAutoscaler]
	// What webhooks and aggregated APIs call has a role for all others.
	validating rows[*admissionv1.ValidatingWebhookConfiguration]
	mutating   rows[*admissionv1.MutatingWebhookConfiguration]
	apis       rows[*unstructured.Unstructured]
}

// rows are a slice as it was handed out.
type rows[T any] struct {
	first *T
	n     int
}

func rowsOf[T any](of []T) rows[T] {
	if len(of) == 0 {
		return rows[T]{}
	}
	return rows[T]{&of[0], len(of)}
}

func newWeighing() *weighing { return &weighing{owners: newOwners(), spaces: map[string]*seen{}} }

// next begins another Update.
func (w *weighing) next() { w.update++ }

// space returns what is known of a namespace.
func (w *weighing) space(namespace string) *seen {
	s := w.spaces[namespace]
	if s == nil {
		s = &seen{namespace: namespace}
		w.spaces[namespace] = s
	}
	return s
}

// changed returns the Update in which a namespace last changed.
func (v *view) changed(s *seen) int {
	if s.looked == v.update {
		return s.changed
	}
	namespace := s.namespace
	is := stamp{
		rowsOf(v.Pods.In(namespace)), rowsOf(v.WorkloadsIn(namespace)), rowsOf(v.ReplicaSets.In(namespace)),
		rowsOf(v.Services.In(namespace)), rowsOf(v.PodDisruptionBudgets.In(namespace)), rowsOf(v.HorizontalPodAutoscalers.In(namespace)),
		rowsOf(v.ValidatingWebhookConfigurations.In("")), rowsOf(v.MutatingWebhookConfigurations.In("")), rowsOf(v.Custom(kube.APIServices).In("")),
	}
	if s.looked == 0 || is != s.stamp {
		s.stamp, s.changed = is, v.update
	}
	s.looked = v.update
	return s.changed
}

// nodesChanged returns the Update in which a node last changed.
func (v *view) nodesChanged() int {
	if is := rowsOf(v.Nodes.In("")); is != v.nodes {
		v.nodes, v.noded = is, v.update
	}
	return v.noded
}

// recall returns an answer about an owner, asking anew if its namespace changed.
func recall[T any](v *view, o *owner, d *dated[T], ask func() T) T {
	if d.update == 0 || d.update < v.changed(o.home) {
		*d = dated[T]{ask(), v.update}
	}
	return d.value
}
