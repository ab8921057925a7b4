package nodes

import (
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var nodeNotReady = &triage.Detector{
	ID:    "node-notready",
	Title: "A node is not ready",
	About: "The kubelet itself says that the node is not ready (the condition Ready is False): its runtime is down, no network plugin is ready, it shuts down. " +
		"New pods go elsewhere, those that run are deleted after five minutes (the taint node.kubernetes.io/not-ready), though their containers may work. " +
		"A node of less than three minutes has not got its network yet, and one that is taken away on purpose is a note.",
	Reads: []kube.Resource{kube.Nodes},
	Rung:  triage.Nodes,
	After: 30 * time.Second,
	Paged: 15 * time.Minute,
	Wide:  true,
	Check: func(p *triage.Pass) {
		unready, all := ready(p.Cluster, corev1.ConditionFalse)
		for n := range p.Cluster.Nodes.All() {
			is, known := condition(n, corev1.NodeReady)
			if !known || is.Status != corev1.ConditionFalse || virtual(n) {
				continue
			}
			says := message.Node(is.Message)
			s := triage.Signal{
				Object: kube.Nodes.Ref("", n.Name), Since: is.LastTransitionTime.Time, Raw: is.Message, Cause: message.Unparsed,
				After: patience(n, is.LastTransitionTime.Time, 30*time.Second), Severity: severity(n, len(unready), all),
				Message: "is not ready: " + problems(says.Problems) + maintenance(n),
			}
			if len(says.Problems) > 0 {
				s.Cause = string(says.Problems[0])
			}
			if s.Cause == string(message.ShuttingDown) {
				s.Severity = triage.S4
			}
			p.Report(s)
		}
	},
}

// problems says in words why a node is not ready.
func problems(all []message.NodeProblem) string {
	words := make([]string, 0, len(all))
	for _, problem := range all {
		words = append(words, problemWords(problem))
	}
	if len(words) == 0 {
		return "no reason given"
	}
	return strings.Join(words, ", ")
}

func problemWords(problem message.NodeProblem) string {
	switch problem {
	case message.RuntimeDown:
		return "its container runtime is down"
	case message.RuntimeUnready:
		return "its container runtime is not ready"
	case message.RuntimeUnchecked:
		return "its kubelet has just started"
	case message.RelistSlow:
		return "its kubelet takes too long to look at its containers (PLEG)"
	case message.NetworkUnready:
		return "no network plugin is ready"
	case message.StorageUnready:
		return "it could not be registered for its storage drivers"
	case message.ShuttingDown:
		return "it is shutting down"
	case message.CapacityUnknown:
		return "its kubelet does not know what it has"
	case message.UnparsedNode:
		return "for a reason that is not known here"
	case message.Silent, message.NeverSeen:
		return "its kubelet does not report"
	}
	return string(problem)
}
