package securitycontext

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var procMountUnmaskedInUserNamespace = &audit.Rule{
	ID:       "proc-mount-unmasked-in-user-namespace",
	Title:    "/proc not masked, in a user namespace",
	Severity: audit.Low,
	Rationale: "In a user namespace an unmasked /proc changes little on the node, and containers that run containers need it. " +
		"Yet a namespace cannot be held to the restricted level of Pod Security while a pod has it.",
	Remediation: "Leave procMount at Default, unless the container runs containers itself.",
	Controls:    []string{"PSS-restricted"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Except:    "variables.podSpec.?hostUsers.orValue(true)",
		Container: "c.?securityContext.procMount.orValue('Default') != 'Default'",
	},
	Check: podSecurityPart("procMount_restricted", func(s standard) (found []audit.Finding) {
		baseline := standardOf(s.cluster, "procMount", s.workload)
		baseline.part = s.part
		for c := range s.workload.Containers() {
			// What baseline forbids is the concern of proc-mount-unmasked.
			if !s.forbidsContainer(c.Container) || baseline.forbidsContainer(c.Container) {
				continue
			}
			f := inContainer(c, "securityContext.procMount", "sees /proc unmasked")
			f.Detail = fmt.Sprintf("procMount is %s, which the restricted level refuses in a user namespace too.", *c.SecurityContext.ProcMount)
			f.Implied = impliedByPrivileged(c)
			fixable(&f, c, setField("mask /proc", f.Path, "Default", "A program that starts containers of its own may not be able to."))
			found = append(found, f)
		}
		return found
	}),
}
