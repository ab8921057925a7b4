package capacity

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	scheduling "k8s.io/component-helpers/scheduling/corev1"
	"k8s.io/klog/v2"
)

// Loss is what would become of the pods of a node if it were lost.
type Loss struct {
	Node *Node
	// Moving is what those request that would have to find room on other nodes, and Pods
	// how many they are. DaemonSets', static pods and those without a controller are none
	// of them.
	Moving Amount
	Pods   int64
	// Room is what is free on the other nodes that take some of them, by their taints, and
	// RoomPods how many pods those nodes may have yet. Others is how many nodes that are.
	Room     Amount
	RoomPods int64
	Others   int
}

// Fits reports whether there is as much room as the pods need. They may find no place all
// the same, since room is counted as if it were on one node; where there is too little,
// they find none.
func (l Loss) Fits() bool { return l.Moving.Within(l.Room) && l.Pods <= l.RoomPods }

// Lacks says what there is too little of: "4 cores of CPU are needed and 1.5 cores are
// free"; "" where it fits.
func (l Loss) Lacks() string {
	var all []string
	if l.Moving.CPU > l.Room.CPU {
		all = append(all, fmt.Sprintf("%s requested and %s free elsewhere", Cores(l.Moving.CPU), Cores(l.Room.CPU)))
	}
	if l.Moving.Memory > l.Room.Memory {
		all = append(all, fmt.Sprintf("%s of memory requested and %s free elsewhere", GiB(l.Moving.Memory), GiB(l.Room.Memory)))
	}
	if l.Pods > l.RoomPods {
		all = append(all, fmt.Sprintf("%d pods and room for %d elsewhere", l.Pods, l.RoomPods))
	}
	return strings.Join(all, ", ")
}

// LossOf returns what would become of the pods of a node if it were lost.
func (n *Nodes) LossOf(node *Node) Loss {
	l := Loss{Node: node, Moving: node.moving, Pods: node.movingPods}
	for i, accepted := range node.accepted {
		if !accepted {
			continue
		}
		c := n.classes[i]
		l.Room, l.RoomPods, l.Others = l.Room.Plus(c.free), l.RoomPods+c.pods, l.Others+c.nodes
		if i == node.class && node.TakesPods() {
			l.Room, l.RoomPods, l.Others = l.Room.Minus(node.Free()), l.RoomPods-node.FreePods(), l.Others-1
		}
	}
	return l
}

// tolerates returns which classes of nodes a pod tolerates the taints of.
func (n *Nodes) tolerates(spec *corev1.PodSpec) []bool {
	accepts := make([]bool, len(n.classes))
	for i := range n.classes {
		_, repelled := scheduling.FindMatchingUntoleratedTaint(klog.Logger{}, n.classes[i].taints, spec.Tolerations, nil, true)
		accepts[i] = !repelled
	}
	return accepts
}
