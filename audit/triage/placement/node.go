package placement

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	scheduling "k8s.io/component-helpers/scheduling/corev1"
	"k8s.io/component-helpers/scheduling/corev1/nodeaffinity"
	"k8s.io/klog/v2"
)

// Matches reports whether a node bears what nodeSelector and the required node
// affinity of a pod ask for. It is an error if these cannot be read; then no node does.
func Matches(spec *corev1.PodSpec, node *corev1.Node) (bool, error) {
	return nodeaffinity.NewRequiredNodeAffinity(spec.NodeSelector, spec.Affinity).Match(node)
}

// Untolerated returns the taints of a node that keep a pod from being scheduled to it,
// in the node's order; nil if there is none. A cordoned node has the taint
// node.kubernetes.io/unschedulable in any case, as the scheduler's plugin
// NodeUnschedulable sees it. PreferNoSchedule keeps no pod away.
func Untolerated(spec *corev1.PodSpec, node *corev1.Node) []corev1.Taint {
	var left []corev1.Taint
	cordoned := node.Spec.Unschedulable
	for i := range node.Spec.Taints {
		taint := &node.Spec.Taints[i]
		cordoned = cordoned && taint.Key != corev1.TaintNodeUnschedulable
		if repels(taint) && !tolerates(spec, taint) {
			left = append(left, *taint)
		}
	}
	cordon := corev1.Taint{Key: corev1.TaintNodeUnschedulable, Effect: corev1.TaintEffectNoSchedule}
	if cordoned && !tolerates(spec, &cordon) {
		left = append(left, cordon)
	}
	return left
}

// repels reports whether a taint keeps pods away
// (pkg/scheduler/framework/plugins/helper, DoNotScheduleTaintsFilterFunc).
func repels(taint *corev1.Taint) bool {
	return taint.Effect == corev1.TaintEffectNoSchedule || taint.Effect == corev1.TaintEffectNoExecute
}

func tolerates(spec *corev1.PodSpec, taint *corev1.Taint) bool {
	return scheduling.TolerationsTolerateTaint(klog.Logger{}, spec.Tolerations, taint, true)
}

// OfTheMoment reports whether a taint says something of the state that a node is in,
// and goes away with it: those of Kubernetes (core/v1, the constants TaintNode…), of
// cloud providers, and of autoscalers that are about to take the node away.
func OfTheMoment(taint *corev1.Taint) bool {
	domain, _, _ := strings.Cut(taint.Key, "/")
	switch domain {
	case "node.kubernetes.io", "node.cloudprovider.kubernetes.io",
		"ToBeDeletedByClusterAutoscaler", "DeletionCandidateOfClusterAutoscaler":
		return true
	}
	return taint.Key == "karpenter.sh/disrupted" || taint.Key == "karpenter.sh/unregistered"
}
