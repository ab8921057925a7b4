package incident

import (
	corev1 "k8s.io/api/core/v1"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// weighing keeps what was asked of views, by namespace: nearly all of them are as
// they were in the view before.
type weighing struct {
	update     int // counts the Updates
	spaces     map[string]*seen
	nodes      rows[*corev1.Node]
	noded      int // the Update in which the nodes last changed
	impacts    map[kube.Ref]dated[triage.Impact]
	roles      map[kube.Ref]dated[string]
	severities map[weight]dated[triage.Severity]
}

// seen is what a namespace was like when it was last looked at.
type seen struct {
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

func newWeighing() *weighing {
	return &weighing{
		spaces: map[string]*seen{}, impacts: map[kube.Ref]dated[triage.Impact]{}, roles: map[kube.Ref]dated[string]{},
		severities: map[weight]dated[triage.Severity]{},
	}
}

// most is how many answers are kept: more than there are workloads with a signal.
const most = 1 << 14

// next begins another Update.
func (w *weighing) next() {
	w.update++
	if len(w.impacts)+len(w.roles)+len(w.severities) > most {
		*w = weighing{
			update: w.update, spaces: w.spaces, nodes: w.nodes, noded: w.noded, impacts: map[kube.Ref]dated[triage.Impact]{}, roles: map[kube.Ref]dated[string]{},
			severities: map[weight]dated[triage.Severity]{},
		}
	}
}

// changed returns the Update in which a namespace last changed.
func (v *view) changed(namespace string) int {
	s := v.spaces[namespace]
	if s == nil {
		s = &seen{}
		v.spaces[namespace] = s
	}
	if s.looked == v.update {
		return s.changed
	}
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

// recall returns an answer that depends on a namespace, asking anew if that changed.
func recall[K comparable, T any](v *view, answers map[K]dated[T], key K, namespace string, ask func() T) T {
	if d, known := answers[key]; known && d.update >= v.changed(namespace) {
		return d.value
	}
	d := dated[T]{ask(), v.update}
	answers[key] = d
	return d.value
}
