package change

import (
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// startingUp is how long a node takes until its conditions are what they will be.
const startingUp = 5 * time.Minute

// tellNode returns what a node says of its past: since when its conditions are what
// they are, and when it was tainted.
func tellNode(o kube.Object) []*told {
	node, ok := o.(*corev1.Node)
	if !ok {
		return nil
	}
	ref := kube.Nodes.Ref("", node.Name)
	var found []*told
	add := func(at time.Time, aspect, by, title string) {
		found = append(found, &told{Change: Change{Time: at, Certainty: Stated, Kind: Node, Object: ref, Aspect: aspect, By: by, Title: title}})
	}
	for i := range node.Status.Conditions {
		condition := &node.Status.Conditions[i]
		at := condition.LastTransitionTime.Time
		if at.IsZero() || healthy(condition) && at.Sub(node.CreationTimestamp.Time) <= startingUp {
			continue
		}
		add(at, string(condition.Type), "", conditionTitle(condition))
	}
	all := writes(node)
	for i := range node.Spec.Taints {
		taint := &node.Spec.Taints[i]
		if taint.TimeAdded == nil || followsCondition(taint.Key) {
			continue
		}
		if taint.Key == corev1.TaintNodeUnschedulable {
			add(taint.TimeAdded.Time, "cordon", writer(all, taint.TimeAdded.Time, settling), "cordoned")
			continue
		}
		add(taint.TimeAdded.Time, "taint "+taint.Key, writer(all, taint.TimeAdded.Time, settling), "tainted "+taint.ToString())
	}
	return found
}

// healthy reports whether a condition of a node says that all is well: Ready is true,
// the others, which name a problem, are false.
func healthy(c *corev1.NodeCondition) bool {
	return (c.Status == corev1.ConditionTrue) == (c.Type == corev1.NodeReady) && c.Status != corev1.ConditionUnknown
}

func conditionTitle(c *corev1.NodeCondition) string {
	title := string(c.Type) + " → " + string(c.Status)
	if c.Reason != "" && !healthy(c) {
		title += " (" + clip(c.Reason, 40) + ")"
	}
	return title
}

// followsCondition reports whether a taint says what a condition says as well
// (k8s.io/api/core/v1/well_known_taints.go).
func followsCondition(key string) bool {
	return slices.Contains([]string{
		corev1.TaintNodeNotReady, corev1.TaintNodeUnreachable, corev1.TaintNodeMemoryPressure, corev1.TaintNodeDiskPressure,
		corev1.TaintNodePIDPressure, corev1.TaintNodeNetworkUnavailable,
	}, key)
}
