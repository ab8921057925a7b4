package workloadhealth

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var nodeUnschedulable = &audit.Rule{
	ID:       "node-unschedulable",
	Title:    "A node is cordoned",
	Severity: audit.Low,
	Rationale: "No new pods come to it. It costs what a node costs, and what it has room for is missing where pods wait. " +
		"A cordon that was meant for a restart is easily forgotten.",
	Remediation: "When the work on the node is done, `kubectl uncordon` it; if it is to go, drain and delete it.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Nodes},
	Timed:       true,
	Parameters: []audit.Parameter{{
		Name:  "graceMinutes",
		About: "For how many minutes a node may be cordoned: draining and restarting it take that long.",
		Value: 10,
	}},
	Check: eachNode(func(p *audit.Pass, node *corev1.Node) {
		if leaving(node) {
			p.NotApplicable()
			return
		}
		if !node.Spec.Unschedulable {
			return
		}
		f := audit.Finding{Path: "spec.unschedulable", Message: "the node is cordoned"}
		for i := range node.Spec.Taints {
			taint := &node.Spec.Taints[i]
			if taint.Key != corev1.TaintNodeUnschedulable || taint.TimeAdded == nil {
				continue
			}
			if !p.Cluster.Lasted(*taint.TimeAdded, p.Number("graceMinutes")) {
				return
			}
			f.Detail = "It has been so since " + kube.Moment(*taint.TimeAdded) + "."
		}
		p.Report(f)
	}),
}
