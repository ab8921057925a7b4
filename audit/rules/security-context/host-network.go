package securitycontext

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var hostNetwork = &audit.Rule{
	ID:       "host-network",
	Title:    "Shares the node's network",
	Severity: audit.High,
	Rationale: "The container reaches what listens on the node's loopback, may take any of its ports and watch its traffic. " +
		"NetworkPolicies do not apply to it.",
	Remediation: "Remove hostNetwork, and reach the pod through a Service.",
	Controls:    []string{"PSS-baseline", "CIS-5.2.5", "NSA", "OWASP22-K01", "OWASP25-K01"},
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Object: "variables.podSpec.?hostNetwork.orValue(false)",
	},
	Check: podSecurityPart("hostNamespaces", func(s standard) []audit.Finding {
		if !s.workload.Pod.Spec.HostNetwork {
			return nil
		}
		path := s.workload.Field("hostNetwork")
		f := audit.Finding{
			Path: path, Message: "pod shares the node's network",
			Detail: "hostNetwork is true: the pod has the addresses and ports of its node, and no NetworkPolicy selects its traffic.",
			Fixes:  []audit.Fix{setField("give the pod a network of its own", path, false, "Whoever reaches the pod by the node's address, and what the pod reaches on the node's loopback, is cut off.")},
		}
		if runsHostProcess(s.workload) { // the API demands one with the other
			f.Implied, f.Fixes = windowsHostProcess.ID, nil
		}
		return []audit.Finding{f}
	}),
}
