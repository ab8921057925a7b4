package workloadhealth

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var nodeConditionUnknown = &audit.Rule{
	ID:       "node-condition-unknown",
	Title:    "The state of a node is unknown",
	Severity: audit.Medium,
	Rationale: "Whoever reports the condition has stopped doing so. " +
		"If it is the kubelet, nothing on the node is known any more; if it is a problem detector, its problems go unseen.",
	Remediation: "If all conditions are unknown, see whether the machine runs and reaches the API server. " +
		"If it is one of a problem detector, look at the detector's pod on the node.",
	Since:    "2",
	Subjects: []kube.Resource{kube.Nodes},
	Check: eachNode(func(p *audit.Pass, node *corev1.Node) {
		if len(node.Status.Conditions) == 0 || leaving(node) {
			p.NotApplicable()
			return
		}
		var names []string
		var first *corev1.NodeCondition
		implied := ""
		for i := range node.Status.Conditions {
			c := &node.Status.Conditions[i]
			if c.Status != corev1.ConditionUnknown {
				continue
			}
			names = append(names, string(c.Type))
			if first == nil {
				first = c
			}
			if c.Type == corev1.NodeReady {
				implied = nodeNotReady.ID
			}
		}
		if first == nil {
			return
		}
		p.Report(audit.Finding{
			Message: fmt.Sprintf("unknown: %s", strings.Join(names, ", ")),
			Detail:  saysNode(first),
			Implied: implied,
		})
	}),
}
