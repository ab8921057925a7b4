package securitycontext

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var procMountUnmasked = &audit.Rule{
	ID:       "proc-mount-unmasked",
	Title:    "Kernel interfaces in /proc not masked",
	Severity: audit.Medium,
	Rationale: "The runtime hides the parts of /proc that change or reveal the kernel of the node. " +
		"Unmasked, a process that is root can write to them.",
	Remediation: "Leave procMount at Default. A container that runs containers itself can have Unmasked in a user namespace (hostUsers: false).",
	Controls:    []string{"PSS-baseline", "CIS-5.7.3", "OWASP22-K01", "OWASP25-K01"},
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Check: podSecurityCheck("procMount", func(s standard) (found []audit.Finding) {
		for c := range s.workload.Containers() {
			if !s.forbidsContainer(c.Container) {
				continue
			}
			f := inContainer(c, "securityContext.procMount", "sees /proc unmasked")
			f.Detail = fmt.Sprintf("procMount is %s, and the pod is not in a user namespace of its own.", *c.SecurityContext.ProcMount)
			f.Implied = impliedByPrivileged(c)
			fixable(&f, c, setField("mask /proc", f.Path, "Default", "A program that starts containers of its own may not be able to."))
			found = append(found, f)
		}
		return found
	}),
}
