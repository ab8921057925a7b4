package securitycontext

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var capabilitySysAdmin = &audit.Rule{
	ID:       "capability-sys-admin",
	Title:    "SYS_ADMIN added",
	Severity: audit.High,
	Rationale: "SYS_ADMIN is most of root's power under one name: with it a program mounts the disks of the node and reads what is on them. " +
		"A container that has it is hardly better confined than a privileged one.",
	Remediation: "Remove SYS_ADMIN. What mounts file systems for others belongs into a CSI driver; tracing often needs BPF or PERFMON alone.",
	Controls:    []string{"PSS-baseline", "OWASP22-K01", "OWASP25-K01", "MITRE-T1611"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Admission:   asksNotToAdd("SYS_ADMIN"),
	Check:       eachAdding("allows to mount file systems and to enter the namespaces of other processes", "SYS_ADMIN"),
}
