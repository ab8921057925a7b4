package disruption

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// isSpread reports whether a workload asks the scheduler to keep its pods
// apart, by a spread constraint or by anti-affinity, as a demand or a wish.
func isSpread(c *kube.Cluster, w *kube.Workload) bool {
	for i := range w.Pod.Spec.TopologySpreadConstraints {
		constraint := &w.Pod.Spec.TopologySpreadConstraints[i]
		if constraint.TopologyKey != "" && w.SelectedBy(constraint.LabelSelector) {
			return true
		}
	}
	if w.Pod.Spec.Affinity == nil || w.Pod.Spec.Affinity.PodAntiAffinity == nil {
		return false
	}
	against := w.Pod.Spec.Affinity.PodAntiAffinity
	for i := range against.RequiredDuringSchedulingIgnoredDuringExecution {
		if repelsItself(c, w, &against.RequiredDuringSchedulingIgnoredDuringExecution[i]) {
			return true
		}
	}
	for i := range against.PreferredDuringSchedulingIgnoredDuringExecution {
		if repelsItself(c, w, &against.PreferredDuringSchedulingIgnoredDuringExecution[i].PodAffinityTerm) {
			return true
		}
	}
	return false
}

// repelsItself reports whether a term of anti-affinity is about the workload's
// own pods. It looks at the pod's own namespace unless it names others.
func repelsItself(c *kube.Cluster, w *kube.Workload, term *corev1.PodAffinityTerm) bool {
	if term.TopologyKey == "" || !w.SelectedBy(term.LabelSelector) {
		return false
	}
	if len(term.Namespaces) == 0 && term.NamespaceSelector == nil {
		return true
	}
	if slices.Contains(term.Namespaces, w.Ref.Namespace) {
		return true
	}
	selector, err := metav1.LabelSelectorAsSelector(term.NamespaceSelector)
	if err != nil {
		return false
	}
	own := labels.Set{corev1.LabelMetadataName: w.Ref.Namespace} // every server adds it
	if namespace, held := c.Namespaces.Get("", w.Ref.Namespace); held {
		own = labels.Merge(own, namespace.Labels)
	}
	return selector.Matches(own)
}
