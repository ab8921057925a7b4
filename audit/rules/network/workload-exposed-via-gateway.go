package network

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var workloadExposedViaGateway = &audit.Rule{
	ID:        "workload-exposed-via-gateway",
	Title:     "A workload is reachable through a gateway",
	Severity:  audit.Low,
	Rationale: "It is where an attack begins: each weakness of these pods is within reach of whoever reaches the gateway.",
	Remediation: "If outsiders have no business with it, take the route away. " +
		"If they have, give its other findings the first turn: what the pods may do, and whom they may connect to.",
	Since:    "2",
	Subjects: kube.WorkloadResources(),
	Reads:    []kube.Resource{kube.Services},
	Consults: append(routeResources(), kube.VirtualServices),
	Wide:     true, // a route of any namespace may lead to a Service
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		var ways []string
		for _, s := range p.Cluster.ServicesSelecting(w) {
			for _, way := range routed.Of(p.Cluster)[kube.Services.Ref(s.Namespace, s.Name)] {
				if text := way.String(); !slices.Contains(ways, text) {
					ways = append(ways, text)
				}
			}
		}
		if len(ways) == 0 {
			return
		}
		p.Report(audit.Finding{
			Message: "it is reachable through a gateway by " + few(ways),
			Detail:  "What comes in by a gateway reaches the pods by " + few(ways) + ".",
		})
	}),
}
