package securitycontext

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var hostPID = &audit.Rule{
	ID:       "host-pid",
	Title:    "Shares the node's processes",
	Severity: audit.High,
	Rationale: "A container in the node's process namespace sees every process there, reads their environment and files through /proc, " +
		"and, as root, can signal and enter them.",
	Remediation: "Remove hostPID. To watch processes of the pod's own containers, shareProcessNamespace is enough.",
	Controls:    []string{"PSS-baseline", "CIS-5.2.3", "NSA", "OWASP22-K01", "OWASP25-K01", "MITRE-T1611"},
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Object: "variables.podSpec.?hostPID.orValue(false)",
	},
	Check: podSecurityPart("hostNamespaces", func(s standard) []audit.Finding {
		if !s.workload.Pod.Spec.HostPID {
			return nil
		}
		path := s.workload.Field("hostPID")
		f := audit.Finding{
			Path: path, Message: "pod shares the node's processes",
			Detail: "hostPID is true: /proc in the containers is that of the node.",
			Fixes:  []audit.Fix{setField("give the pod processes of its own", path, false, "An agent that watches the processes of the node no longer sees them.")},
		}
		return []audit.Finding{f}
	}),
}
