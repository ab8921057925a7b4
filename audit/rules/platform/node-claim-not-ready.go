package platform

import (
	"cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var nodeClaimNotReady = &audit.Rule{
	ID:       "node-claim-not-ready",
	Title:    "A node that was asked for does not come",
	Severity: audit.Medium,
	Rationale: "Karpenter asked the cloud for a node, and it is not there or does not join. It is paid for once it is launched, " +
		"and the pods that it is for stay pending.",
	Remediation: "The condition says how far it came: not launched is the cloud's (quota, no capacity, permissions), not registered is the node's (bootstrap, network, its right to join), " +
		"not initialized waits for a taint, a device or a DaemonSet.",
	Since:    "3",
	Subjects: []kube.Resource{kube.NodeClaims},
	Timed:    true,
	Check: eachDecoded([]kube.Resource{kube.NodeClaims}, func(p *audit.Pass, claim *nodeClaim) {
		c := notReady(p, claim.Status.Conditions)
		if c == nil {
			return
		}
		f := audit.Finding{Message: "it is not ready: " + cmp.Or(c.Reason, "no reason given"), Detail: reasoned(c)}
		if claim.Status.NodeName != "" {
			f.Detail += " Its node is " + claim.Status.NodeName + "."
		}
		p.Report(f)
	}),
}
