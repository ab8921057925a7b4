package securitycontext

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var capabilitiesAddedBeyondRestricted = &audit.Rule{
	ID:       "capabilities-added-beyond-restricted",
	Title:    "Capabilities added",
	Severity: audit.Low,
	Rationale: "A capability is a part of root's power. The one that Pod Security allows at its strictest is NET_BIND_SERVICE, " +
		"so a namespace cannot be held to that level while the container adds another.",
	Remediation: "Remove the capability if the program works without it; most do once they run as a user other than root.",
	Controls:    []string{"PSS-restricted", "CIS-5.2.9", "OWASP22-K01", "OWASP25-K01"},
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Except:    "variables.windows",
		Container: `c.?securityContext.capabilities.add.orValue([]).exists(x, x in ['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'])`,
	},
	Check: podSecurityPart("capabilities_restricted", func(s standard) (found []audit.Finding) {
		baseline := standardOf(s.cluster, "capabilities_baseline", s.workload)
		baseline.part = s.part
		for c := range s.workload.Containers() {
			forbidden, allowed := s.forbiddenCapabilities(c)
			worse, _ := baseline.forbiddenCapabilities(c)
			forbidden = slices.DeleteFunc(forbidden, func(capability corev1.Capability) bool {
				return slices.Contains(worse, capability)
			})
			if len(forbidden) == 0 {
				continue
			}
			f := inContainer(c, "securityContext.capabilities.add", "adds "+joined(forbidden))
			f.Detail = fmt.Sprintf("capabilities.add lists %s; at the restricted level Pod Security allows NET_BIND_SERVICE alone.", joined(forbidden))
			f.Implied = impliedByPrivileged(c)
			// Both rules change the same list: the worse go first.
			if len(worse) == 0 {
				fixable(&f, c, setField("add no capability beyond the restricted level", f.Path, listed(allowed),
					"What the program does by the capability is refused to it."))
			}
			found = append(found, f)
		}
		return found
	}),
}
