package nodes

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var nodeCordoned = &triage.Detector{
	ID:    "node-cordoned",
	Title: "A node has been cordoned for a day",
	About: "Nothing new is scheduled to it. That is how a node is taken away or looked at, and is forgotten at times. " +
		"It explains pods that find no node at once, which is for their own signal to say; since when it is so is told by the taint " +
		"node.kubernetes.io/unschedulable (spec.taints[].timeAdded).",
	Reads: []kube.Resource{kube.Nodes},
	Rung:  triage.Nodes,
	After: 24 * time.Hour,
	Wide:  true,
	Check: func(p *triage.Pass) {
		for n := range p.Cluster.Nodes.All() {
			if !n.Spec.Unschedulable || n.DeletionTimestamp != nil {
				continue
			}
			s := triage.Signal{Object: kube.Nodes.Ref("", n.Name), Severity: triage.S4, Message: "is cordoned: nothing new is scheduled to it"}
			for _, t := range n.Spec.Taints {
				if t.Key == corev1.TaintNodeUnschedulable && t.TimeAdded != nil {
					s.Since = t.TimeAdded.Time
				}
			}
			p.Report(s)
		}
	},
}
