package nodes

import (
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// rebootNews is for how long a reboot explains what happens on a node.
const rebootNews = 30 * time.Minute

var nodeRebooted = &triage.Detector{
	ID:    "node-rebooted",
	Title: "A node was rebooted",
	About: "The kubelet found another boot ID than the one that the node had before, and says so in an event Rebooted " +
		"(pkg/kubelet/events, NodeRebooted). It explains why every container of the node started again. It is no problem in itself, " +
		"and is told for half an hour. The event is gone after an hour: that there is none proves nothing.",
	Reads: []kube.Resource{kube.Nodes, kube.Events},
	Rung:  triage.Nodes,
	Wide:  true,
	Check: func(p *triage.Pass) {
		for n := range p.Cluster.Nodes.All() {
			for _, e := range p.Events(kube.Nodes.Ref("", n.Name)) {
				if e.Reason != "Rebooted" {
					continue
				}
				at := triage.Happened(e)
				severity := triage.S3
				if _, maintained := triage.Maintained(n); maintained {
					severity = triage.S4
				}
				p.Report(triage.Signal{
					Object: kube.Nodes.Ref("", n.Name), Severity: severity, Since: at, Until: at.Add(rebootNews), Raw: e.Message,
					Message: "was rebooted" + maintenance(n),
				})
			}
		}
	},
}
