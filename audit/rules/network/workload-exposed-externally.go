package network

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var workloadExposedExternally = &audit.Rule{
	ID:        "workload-exposed-externally",
	Title:     "A workload is reachable from outside",
	Severity:  audit.Low,
	Rationale: "It is where an attack begins: each weakness of these pods is within reach of people who have no access to the cluster.",
	Remediation: "If outsiders have no business with it, take the way in away. " +
		"If they have, give its other findings the first turn: what the pods may do, and whom they may connect to.",
	Since:    "2",
	Subjects: kube.WorkloadResources(),
	Reads:    []kube.Resource{kube.Services},
	Consults: []kube.Resource{kube.Ingresses},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		var ways []string
		for _, s := range p.Cluster.ServicesSelecting(w) {
			ways = append(ways, doors(p.Cluster, s)...)
		}
		if len(ways) == 0 {
			return
		}
		p.Report(audit.Finding{
			Message: "it is reachable from outside by " + few(ways),
			Detail:  "Clients outside of the cluster reach the pods by " + few(ways) + ".",
		})
	}),
}
