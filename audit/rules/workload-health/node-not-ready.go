package workloadhealth

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var nodeNotReady = &audit.Rule{
	ID:       "node-not-ready",
	Title:    "A node is not ready",
	Severity: audit.Critical,
	Rationale: "Its pods get no traffic and, after five minutes, are evicted and started elsewhere, where there is room. " +
		"Those of StatefulSets stay until somebody says that the node is gone.",
	Remediation: "If the node says itself that it is not ready, the message names the cause: the container runtime, the network plug-in, a shutdown. " +
		"If it has stopped saying anything, see whether the machine runs and reaches the API server.",
	Since:    "2",
	Subjects: []kube.Resource{kube.Nodes},
	Timed:    true,
	Parameters: []audit.Parameter{{
		Name:  "graceMinutes",
		About: "For how many minutes a node may not be ready: joining and restarting take that long.",
		Value: 3,
	}},
	Check: eachNode(func(p *audit.Pass, node *corev1.Node) {
		ready := nodeCondition(node, corev1.NodeReady)
		switch {
		case leaving(node) || ready == nil && len(node.Status.Conditions) == 0 && p.Cluster.Info.Offline:
			p.NotApplicable() // on its way out, or a manifest
		case ready == nil:
			if p.Cluster.Lasted(node.CreationTimestamp, p.Number("graceMinutes")) {
				p.Report(audit.Finding{
					Message: "the node has never been ready",
					Detail:  fmt.Sprintf("It was created at %s and has no condition Ready.", kube.Moment(node.CreationTimestamp)),
				})
			}
		case ready.Status != corev1.ConditionTrue && p.Cluster.Lasted(ready.LastTransitionTime, p.Number("graceMinutes")):
			message := "the node is not ready"
			if ready.Status == corev1.ConditionUnknown {
				message = "the node does not answer"
			}
			p.Report(audit.Finding{Message: message, Detail: saysNode(ready)})
		}
	}),
}

// saysNode repeats what a condition of a node says.
func saysNode(c *corev1.NodeCondition) string {
	return fmt.Sprintf("%s is %s (%s) since %s. %s", c.Type, c.Status, c.Reason, kube.Moment(c.LastTransitionTime), quote(c.Message))
}
