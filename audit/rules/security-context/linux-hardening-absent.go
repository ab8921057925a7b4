package securitycontext

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var linuxHardeningAbsent = &audit.Rule{
	ID:       "linux-hardening-absent",
	Title:    "Nothing confines the container",
	Severity: audit.Medium,
	Rationale: "Neither system calls nor files nor capabilities are narrowed, so that whoever takes the program over " +
		"meets the whole kernel of the node.",
	Remediation: `Set seccompProfile.type to RuntimeDefault for the pod, and capabilities.drop to ["ALL"] for its containers.`,
	Controls:    []string{"NSA", "OWASP22-K01", "OWASP25-K01"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Except:    "variables.windows",
		Container: `c.?securityContext.seccompProfile.or(variables.podSecurityContext.?seccompProfile).?type.orValue('Unconfined') == 'Unconfined' && c.?securityContext.appArmorProfile.or(variables.podSecurityContext.?appArmorProfile).?type.orValue(variables.annotations[?('container.apparmor.security.beta.kubernetes.io/' + c.name)].orValue('') in ['', 'unconfined'] ? 'Unconfined' : '') == 'Unconfined' && c.?securityContext.capabilities.drop.orValue([]).size() == 0 && !c.?securityContext.seLinuxOptions.or(variables.podSecurityContext.?seLinuxOptions).hasValue()`,
	},
	Check: eachLinux(func(p *audit.Pass, w *kube.Workload) {
		for c := range w.Containers() {
			if hardened(w, c) {
				continue
			}
			f := inContainer(c, "securityContext", "is confined by nothing")
			f.Detail = "No seccomp or AppArmor profile and no SELinux context is set, and no capability is dropped."
			f.Implied = impliedByKeptCapabilities(p.Cluster, w, c)
			fixable(&f, c, setField("filter system calls by the runtime's default", c.Field(seccompType), "RuntimeDefault", seccompRisk))
			p.Report(f)
		}
	}),
}
