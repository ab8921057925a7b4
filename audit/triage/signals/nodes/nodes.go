package nodes

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// young is for how long a new node may be without what it needs: its network and
// its drivers are pods that have to be pulled and started.
const young = 3 * time.Minute

// condition returns a condition of a node, false if it has none of the type.
func condition(n *corev1.Node, of corev1.NodeConditionType) (corev1.NodeCondition, bool) {
	for _, c := range n.Status.Conditions {
		if c.Type == of {
			return c, true
		}
	}
	return corev1.NodeCondition{}, false
}

// virtual reports whether a node stands for something that is no machine
// (virtual-kubelet labels its nodes so).
func virtual(n *corev1.Node) bool { return n.Labels["type"] == "virtual-kubelet" }

// ready returns the nodes whose condition Ready has come to a status, and how many
// nodes there are in all; those that somebody takes away count in neither, and a
// node that never was ready is not lost.
func ready(c *kube.Cluster, status corev1.ConditionStatus) (of []*corev1.Node, all int) {
	for n := range c.Nodes.All() {
		if _, maintained := triage.Maintained(n); maintained || virtual(n) {
			continue
		}
		all++
		if is, known := condition(n, corev1.NodeReady); known && is.Status == status && is.LastTransitionTime.Sub(n.CreationTimestamp.Time) >= young {
			of = append(of, n)
		}
	}
	return of, all
}

// neverReported is the reason of the condition Ready of a node whose kubelet has
// not written its status yet (pkg/controller/nodelifecycle).
const neverReported = "NodeStatusNeverUpdated"

// severity is that of a node of which there are some alike: S1 for more than one,
// or a tenth of all.
func severity(n *corev1.Node, alike, all int) triage.Severity {
	switch _, maintained := triage.Maintained(n); {
	case maintained:
		return triage.S4
	case alike >= 2 || alike > 0 && 10*alike >= all:
		return triage.S1
	}
	return triage.S2
}

// patience is how long something must last on a node that may be new.
func patience(n *corev1.Node, since time.Time, usual time.Duration) time.Duration {
	return max(usual, n.CreationTimestamp.Add(young).Sub(since))
}

// maintenance says why a node is expected to stop working, as part of a message.
func maintenance(n *corev1.Node) string {
	if why, maintained := triage.Maintained(n); maintained {
		return " (" + why + ")"
	}
	return ""
}
