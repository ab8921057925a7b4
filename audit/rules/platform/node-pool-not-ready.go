package platform

import (
	"cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var nodePoolNotReady = &audit.Rule{
	ID:       "node-pool-not-ready",
	Title:    "A node pool is not ready",
	Severity: audit.Medium,
	Rationale: "Karpenter adds no nodes of the pool, and replaces none. Load that comes stays pending, " +
		"and nodes that should be renewed stay as they are.",
	Remediation: "The condition says why: usually its node class is missing or not ready (the cloud refuses, a subnet or an image is not found). `kubectl describe nodepool` shows all conditions.",
	Since:       "3",
	Subjects:    []kube.Resource{kube.NodePools},
	Timed:       true,
	Check: eachDecoded([]kube.Resource{kube.NodePools}, func(p *audit.Pass, pool *nodePool) {
		if c := notReady(p, pool.Status.Conditions); c != nil {
			p.Report(audit.Finding{Message: "it is not ready: " + cmp.Or(c.Reason, "no reason given"), Detail: reasoned(c)})
		}
	}),
}
