package nodes

import (
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// How far the clock of a node may be from the server's. The server stores its own
// time to the second and some time after the node took its own.
const (
	clockOff    = 5 * time.Second
	clockFarOff = time.Minute
)

var nodeClock = &triage.Detector{
	ID:    "node-clock",
	Title: "The clock of a node is wrong",
	About: "The kubelet writes its own time into its lease (spec.renewTime), and the API server notes by its own clock when it stored that " +
		"(metadata.managedFields): the two are more than five seconds apart. Certificates, tokens and everything that compares times across nodes go wrong. " +
		"A slow request looks like a clock that is behind, so that it must last for a minute.",
	Reads: []kube.Resource{kube.Nodes, kube.Leases},
	Rung:  triage.Nodes,
	After: time.Minute,
	Wide:  true,
	Check: func(p *triage.Pass) {
		for n := range p.Cluster.Nodes.All() {
			lease, held := p.Cluster.Leases.Get(kube.NodeLeases, n.Name)
			if !held || lease.Written.IsZero() || lease.Renewed.IsZero() {
				continue
			}
			// Rounded, so that what is said does not change with every renewal.
			off := lease.Renewed.Sub(lease.Written).Round(5 * time.Second)
			s := triage.Signal{Object: kube.Nodes.Ref("", n.Name), Severity: triage.S3, Cause: "ahead", Message: "its clock is " + off.Abs().String() + " ahead of the server's"}
			if off < 0 {
				s.Cause, s.Message = "behind", "its clock is "+off.Abs().String()+" behind the server's"
			}
			if off.Abs() >= clockFarOff {
				s.Severity = triage.S2
			}
			if off.Abs() > clockOff {
				p.Report(s)
			}
		}
	},
}
