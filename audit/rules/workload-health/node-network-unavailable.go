package workloadhealth

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var nodeNetworkUnavailable = &audit.Rule{
	ID:       "node-network-unavailable",
	Title:    "A node has no pod network",
	Severity: audit.Critical,
	Rationale: "The routes of its pods are not set up: pods of other nodes do not reach them, nor they anybody else. " +
		"New pods are kept off the node.",
	Remediation: "Look at the pods of the network plug-in on the node, or, where the cloud sets up the routes, at the logs of the cloud controller manager: " +
		"it may have no permission, or the route table is full.",
	Since:    "2",
	Subjects: []kube.Resource{kube.Nodes},
	Timed:    true,
	Parameters: []audit.Parameter{{
		Name:  "graceMinutes",
		About: "For how many minutes a node may have no network: a new one starts without.",
		Value: 3,
	}},
	Check: eachNode(func(p *audit.Pass, node *corev1.Node) {
		c := nodeCondition(node, corev1.NodeNetworkUnavailable)
		if c != nil && c.Status == corev1.ConditionTrue && !p.Cluster.Lasted(c.LastTransitionTime, p.Number("graceMinutes")) {
			return
		}
		pressed(corev1.NodeNetworkUnavailable, "the node has no pod network")(p, node)
	}),
}
