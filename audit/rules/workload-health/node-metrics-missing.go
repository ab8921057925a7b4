package workloadhealth

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var nodeMetricsMissing = &audit.Rule{
	ID:       "node-metrics-missing",
	Title:    "The use of a node is not measured",
	Severity: audit.Info,
	Rationale: "metrics-server has nothing of the node, and so nothing of its pods: " +
		"autoscalers reckon without them, and `kubectl top` leaves them out.",
	Remediation: "See the logs of metrics-server for the node. Usually it does not reach the kubelet's port 10250, or does not trust its certificate.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Nodes},
	Reads:       []kube.Resource{kube.NodeMetrics},
	Timed:       true,
	Parameters: []audit.Parameter{{
		Name:  "graceMinutes",
		About: "For how many minutes a new node may have no sample.",
		Value: 5,
	}},
	Check: eachNode(func(p *audit.Pass, node *corev1.Node) {
		if p.Cluster.Info.Offline || leaving(node) || node.Labels["type"] == "virtual-kubelet" {
			p.NotApplicable()
			return
		}
		if _, known := p.Cluster.NodeUsage.Get("", node.Name); known || !p.Cluster.Lasted(node.CreationTimestamp, p.Number("graceMinutes")) {
			return
		}
		f := audit.Finding{Message: "no sample of its use is to be had"}
		if !nodeReady(node) {
			f.Implied = nodeNotReady.ID
		}
		p.Report(f)
	}),
}
