package platform

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/capacity"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var nodeLossNotTolerated = &audit.Rule{
	ID:       "node-loss-not-tolerated",
	Title:    "The pods of a node would find no room elsewhere",
	Severity: audit.Medium,
	Rationale: "Nodes fail, and are drained for every upgrade. What the others have no room for stays pending until somebody adds a node, " +
		"and a drain waits for it.",
	Remediation: "Have one node more than the requests need, lower requests that are not used (`seaworthy scan --capacity` shows where), or let a node autoscaler add nodes. " +
		"Give what must run in any case a PriorityClass of its own. For a cluster of one machine, accept the finding.",
	Since:    "3",
	Subjects: []kube.Resource{kube.Nodes},
	Reads:    []kube.Resource{kube.Pods},
	Consults: append(kube.WorkloadResources(), kube.ConfigMaps),
	Wide:     true,
	Check: eachFilled(func(p *audit.Pass, nodes *capacity.Nodes, n *capacity.Node) {
		l := nodes.LossOf(n)
		if n.Virtual || !n.Ready || l.Pods == 0 {
			p.NotApplicable() // its pods are elsewhere already, or need no place
			return
		}
		if l.Fits() {
			return
		}
		f := audit.Finding{
			Message: "its pods would find no room elsewhere: " + l.Lacks(),
			Detail: fmt.Sprintf("%s would have to move, with requests of %s; the %s that take any of them have room for %s. "+
				"DaemonSets, static pods and pods without a controller are not counted.",
				capacity.Counted(int(l.Pods), "pod"), l.Moving, capacity.Counted(l.Others, "other node"), l.Room),
		}
		if l.Others == 0 {
			f.Severity, f.Message = audit.Info, "its pods have no other node to go to"
		}
		if grows := capacity.Grows(p.Cluster); grows != "" {
			f.Severity = audit.Info
			f.Detail += fmt.Sprintf(" More nodes may come: %s is in the cluster.", grows)
		}
		p.Report(f)
	}),
}
