package securitycontext

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var capabilitySysModule = &audit.Rule{
	ID:       "capability-sys-module",
	Title:    "Kernel modules can be loaded",
	Severity: audit.High,
	Rationale: "A kernel module runs with all the power of the node's kernel. " +
		"Whoever takes the container over loads one and owns the node.",
	Remediation: "Remove SYS_MODULE, and load the modules when the node starts, from its own image or configuration.",
	Controls:    []string{"PSS-baseline", "OWASP22-K01", "OWASP25-K01", "MITRE-T1611"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Admission:   asksNotToAdd("SYS_MODULE"),
	Check:       eachAdding("allows to load code into the node's kernel", "SYS_MODULE"),
}
