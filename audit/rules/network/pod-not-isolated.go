package network

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/isolation"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var podNotIsolated = &audit.Rule{
	ID:       "pod-not-isolated",
	Title:    "No network policy applies to a workload",
	Severity: audit.High,
	Rationale: "Every pod of the cluster can connect to it, and it can connect to every pod and to the internet. " +
		"Whoever takes over one container, here or elsewhere, goes on from there without an obstacle.",
	Remediation: "Write a NetworkPolicy that selects the pods and allows what they need, ingress and egress. " +
		"A policy for all pods of the namespace that denies by default covers also those to come.",
	Controls: []string{"NSA", "OWASP22-K07", "OWASP25-K05", "MITRE-T1046"},
	Since:    "2",
	Subjects: kube.WorkloadResources(),
	Reads:    []kube.Resource{kube.NetworkPolicies},
	Consults: isolation.Consulted(),
	Check: eachIsolated(func(p *audit.Pass, w *kube.Workload, i isolation.Isolation) {
		switch {
		case i.Any():
		case i.Ingress.Doubt != "":
			p.Unknown(i.Ingress.Doubt)
		default:
			p.Report(audit.Finding{
				Message: "no network policy isolates its pods",
				Detail:  "All traffic to and from the pods is allowed.",
				Fixes:   isolateIngress(p.Cluster, w),
			})
		}
	}),
}

// declaredPorts returns the ports that containers of a workload declare, as a
// NetworkPolicy names them.
func declaredPorts(w *kube.Workload) []any {
	var ports []any
	seen := map[string]bool{}
	for c := range w.Containers() {
		if !c.LongRunning() {
			continue
		}
		for _, port := range c.Ports {
			protocol := protocolOf(port.Protocol)
			if key := fmt.Sprint(protocol, port.ContainerPort); !seen[key] {
				seen[key] = true
				ports = append(ports, map[string]any{"port": int64(port.ContainerPort), "protocol": string(protocol)})
			}
		}
	}
	return ports
}
