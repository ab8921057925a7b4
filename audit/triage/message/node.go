package message

import "strings"

// NodeProblem is one cause for which a node is not ready.
type NodeProblem string

// The causes, of the condition Ready.
const (
	// RuntimeDown: the runtime has not answered for a while.
	RuntimeDown NodeProblem = "runtime-down"
	// RuntimeUnready: the runtime says that it is not ready.
	RuntimeUnready NodeProblem = "runtime-not-ready"
	// RuntimeUnchecked: the kubelet has just started.
	RuntimeUnchecked NodeProblem = "runtime-unchecked"
	// RelistSlow: the kubelet's look at all containers takes too long (PLEG).
	RelistSlow NodeProblem = "pleg"
	// NetworkUnready: no network plugin is ready.
	NetworkUnready NodeProblem = "network-not-ready"
	// StorageUnready: the kubelet could not register the node for CSI.
	StorageUnready NodeProblem = "storage"
	// ShuttingDown: the node is shutting down.
	ShuttingDown NodeProblem = "shutting-down"
	// CapacityUnknown: the kubelet does not know what the node has.
	CapacityUnknown NodeProblem = "capacity-unknown"
	// Silent: the kubelet has stopped to post its status.
	Silent NodeProblem = "silent"
	// NeverSeen: it never did.
	NeverSeen NodeProblem = "never-seen"
	// UnparsedNode: in Text alone.
	UnparsedNode NodeProblem = Unparsed
)

// nodeProblems are the words of each.
var nodeProblems = [...]struct {
	words   string
	problem NodeProblem
}{
	{"container runtime is down", RuntimeDown},        // kubelet/runtime.go, runtimeErrors
	{"container runtime not ready: ", RuntimeUnready}, // kubelet/kubelet.go, updateRuntimeUp
	{"container runtime status check may not have completed yet", RuntimeUnchecked},
	{"PLEG is not healthy", RelistSlow},
	{"container runtime network not ready: ", NetworkUnready},
	{"CSINode is not yet initialized", StorageUnready}, // volume/csi/csi_plugin.go
	{"failed to initialize CSINode", StorageUnready},
	{"node is shutting down", ShuttingDown},                    // kubelet/nodeshutdown
	{"missing node capacity for resources: ", CapacityUnknown}, // kubelet/nodestatus/setters.go, ReadyCondition
	{"Kubelet stopped posting node status", Silent},            // controller/nodelifecycle
	{"Kubelet never posted node status", NeverSeen},
}

// NodeState is why a node is not ready.
type NodeState struct {
	// Problems are in the order of the message; one of UnparsedNode if none is known.
	// Empty of the message of a node that is ready.
	Problems []NodeProblem
	// Reason is what the runtime gives for its network, such as
	// NetworkPluginNotReady; "" if it gives none.
	Reason string
	Text   string
}

// Node reads the message of a node's condition Ready, which may join several causes:
// "[container runtime is down, PLEG is not healthy: …]".
func Node(message string) NodeState {
	message = bounded(message)
	n := NodeState{Text: Scrub(message), Reason: wordAfter(after(message, "network not ready: "), "reason:")}
	if strings.HasPrefix(message, "kubelet is posting ready status") {
		return n
	}
	type place struct {
		at      int
		problem NodeProblem
	}
	var found []place
	for i := range nodeProblems {
		if at := strings.Index(message, nodeProblems[i].words); at >= 0 {
			found = append(found, place{at, nodeProblems[i].problem})
		}
	}
	for len(found) > 0 {
		least := 0
		for i := range found {
			if found[i].at < found[least].at {
				least = i
			}
		}
		n.Problems = append(n.Problems, found[least].problem)
		found = append(found[:least], found[least+1:]...)
	}
	if len(n.Problems) == 0 {
		n.Problems = []NodeProblem{UnparsedNode}
	}
	return n
}
