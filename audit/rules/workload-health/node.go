package workloadhealth

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// eachNode returns a Check that judges every node.
func eachNode(judge func(*audit.Pass, *corev1.Node)) audit.Check {
	return audit.EachObject(kube.Nodes, func(c *kube.Cluster) kube.Table[*corev1.Node] { return c.Nodes }, judge)
}

// nodeCondition returns what a node says of a condition, nil if it says nothing.
func nodeCondition(node *corev1.Node, of corev1.NodeConditionType) *corev1.NodeCondition {
	for i := range node.Status.Conditions {
		if node.Status.Conditions[i].Type == of {
			return &node.Status.Conditions[i]
		}
	}
	return nil
}

// nodeReady reports whether a node says that it is ready.
func nodeReady(node *corev1.Node) bool {
	ready := nodeCondition(node, corev1.NodeReady)
	return ready != nil && ready.Status == corev1.ConditionTrue
}

// leaving reports whether a node is being taken out of the cluster: it is being
// deleted, or bears the taint of the autoscaler that empties it.
func leaving(node *corev1.Node) bool {
	if node.DeletionTimestamp != nil {
		return true
	}
	for i := range node.Spec.Taints {
		switch node.Spec.Taints[i].Key {
		case "ToBeDeletedByClusterAutoscaler", "karpenter.sh/disrupted", "karpenter.sh/disruption":
			return true
		}
	}
	return false
}

// pressed returns a judge of a condition of nodes that is bad when it holds.
func pressed(of corev1.NodeConditionType, message string) func(*audit.Pass, *corev1.Node) {
	return func(p *audit.Pass, node *corev1.Node) {
		c := nodeCondition(node, of)
		switch {
		case c == nil:
			p.NotApplicable()
		case c.Status == corev1.ConditionUnknown:
			p.Unknown("the kubelet has stopped reporting " + string(of))
		case c.Status == corev1.ConditionTrue:
			p.Report(audit.Finding{Message: message, Detail: saysNode(c)})
		}
	}
}
