package securitycontext

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var allowPrivilegeEscalation = &audit.Rule{
	ID:       "allow-privilege-escalation",
	Title:    "Privilege escalation allowed",
	Severity: audit.Medium,
	Rationale: "Without no_new_privs, a setuid program in the image turns a flaw in the application into root in the container, " +
		"the first step of most escapes to the node.",
	Remediation: "Set securityContext.allowPrivilegeEscalation to false on every container; unset means true.",
	Controls:    []string{"PSS-restricted", "CIS-5.2.6", "NSA", "OWASP22-K01", "OWASP25-K01"},
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Except:    "variables.windows",
		Container: "c.?securityContext.allowPrivilegeEscalation.orValue(true)",
	},
	Check: podSecurityCheck("allowPrivilegeEscalation", func(s standard) (found []audit.Finding) {
		for c := range s.workload.Containers() {
			if !s.forbidsContainer(c.Container) {
				continue
			}
			f := inContainer(c, "securityContext.allowPrivilegeEscalation", "may gain privileges")
			f.Detail = "allowPrivilegeEscalation is not set, and the default is true."
			if own(c).AllowPrivilegeEscalation != nil {
				f.Detail = "allowPrivilegeEscalation is true."
			}
			f.Detail += " Processes can gain more rights than their parent, by setuid programs or file capabilities."
			f.Implied = impliedByPrivileged(c)
			if !addsSysAdmin(c) {
				fixable(&f, c, setField("forbid privilege escalation", f.Path, false,
					"A program that relies on setuid helpers or file capabilities (sudo, ping) stops working."))
			}
			found = append(found, f)
		}
		return found
	}),
}

// addsSysAdmin reports whether the API would refuse to forbid the escalation:
// it does beside the capability of this very spelling (core validation).
func addsSysAdmin(c kube.Container) bool {
	capabilities := own(c).Capabilities
	return capabilities != nil && slices.Contains(capabilities.Add, "CAP_SYS_ADMIN")
}
