package securitycontext

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var capabilitiesAddedBeyondBaseline = &audit.Rule{
	ID:       "capabilities-added-beyond-baseline",
	Title:    "Dangerous capabilities added",
	Severity: audit.High,
	Rationale: "Capabilities beyond the runtime's defaults reach the kernel, the network or other processes of the node. " +
		"With SYS_ADMIN, SYS_PTRACE or SYS_MODULE, a container that is taken over is a way onto it.",
	Remediation: "Remove the capability. Where the program cannot do without it, give the program a namespace of its own " +
		"whose workloads are few and known.",
	Controls: []string{"PSS-baseline", "CIS-5.2.9", "OWASP22-K01", "OWASP25-K01"},
	Since:    "1",
	Subjects: kube.WorkloadResources(),
	Admission: &audit.Admission{
		Container: `c.?securityContext.capabilities.add.orValue([]).exists(x, !(x in ['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT']))`,
	},
	Check: podSecurityCheck("capabilities_baseline", func(s standard) (found []audit.Finding) {
		for c := range s.workload.Containers() {
			forbidden, allowed := s.forbiddenCapabilities(c)
			if len(forbidden) == 0 {
				continue
			}
			f := inContainer(c, "securityContext.capabilities.add", "adds "+joined(forbidden))
			f.Detail = fmt.Sprintf("capabilities.add lists %s, beyond what Pod Security allows at the baseline level.", joined(forbidden))
			f.Implied = impliedByPrivileged(c)
			fixable(&f, c, setField("add no capability beyond the baseline", f.Path, listed(allowed),
				"What the program does by the capability is refused to it."))
			found = append(found, f)
		}
		return found
	}),
}
