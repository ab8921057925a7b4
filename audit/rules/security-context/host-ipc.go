package securitycontext

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var hostIPC = &audit.Rule{
	ID:          "host-ipc",
	Title:       "Shares the node's memory segments",
	Severity:    audit.High,
	Rationale:   "Shared memory and semaphores of the node's processes, and of every other pod that does the same, are open to the container.",
	Remediation: "Remove hostIPC. Containers of one pod share memory without it.",
	Controls:    []string{"PSS-baseline", "CIS-5.2.4", "NSA", "OWASP22-K01", "OWASP25-K01"},
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Object: "variables.podSpec.?hostIPC.orValue(false)",
	},
	Check: podSecurityPart("hostNamespaces", func(s standard) []audit.Finding {
		if !s.workload.Pod.Spec.HostIPC {
			return nil
		}
		path := s.workload.Field("hostIPC")
		f := audit.Finding{
			Path: path, Message: "pod shares the node's memory segments",
			Detail: "hostIPC is true: the containers use the System V and POSIX shared memory of the node.",
			Fixes:  []audit.Fix{setField("give the pod shared memory of its own", path, false, "A program that exchanges data with processes outside of its pod by shared memory stops working.")},
		}
		return []audit.Finding{f}
	}),
}
