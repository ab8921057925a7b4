package securitycontext

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var seccompUnconfined = &audit.Rule{
	ID:       "seccomp-unconfined",
	Title:    "System calls not filtered",
	Severity: audit.High,
	Rationale: "Seccomp keeps a container from the system calls that most kernel exploits need. " +
		"This manifest asks for it to be off.",
	Remediation: "Set seccompProfile.type to RuntimeDefault, or to Localhost with a profile that allows what the program needs.",
	Controls:    []string{"PSS-baseline", "CIS-5.7.2", "OWASP22-K01", "OWASP25-K01"},
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Container: "!(c.?securityContext.seccompProfile.type.orValue('RuntimeDefault') in ['RuntimeDefault', 'Localhost'])",
		Object:    `!(variables.podSecurityContext.?seccompProfile.type.orValue('RuntimeDefault') in ['RuntimeDefault', 'Localhost'])`,
	},
	Check: podSecurityCheck("seccompProfile_baseline", func(s standard) (found []audit.Finding) {
		w := s.workload
		if s.forbidsPodSecurityContext(w.Pod.Spec.SecurityContext) {
			f := audit.Finding{
				Path: w.Field(seccompType), Message: "pod runs without a filter of system calls",
				Detail:  seccompDetail(shared(w).SeccompProfile) + " It holds for the containers that set none of their own.",
				Implied: impliedForInheritors(w, func(c *corev1.SecurityContext) bool { return c.SeccompProfile != nil }),
			}
			if f.Implied == "" {
				f.Fixes = []audit.Fix{setField("filter system calls by the runtime's default", f.Path, "RuntimeDefault", seccompRisk)}
			}
			found = append(found, f)
		}
		for c := range w.Containers() {
			if !s.forbidsContainer(c.Container) {
				continue
			}
			f := inContainer(c, seccompType, "runs without a filter of system calls")
			f.Detail = seccompDetail(own(c).SeccompProfile)
			f.Implied = impliedByPrivileged(c)
			fixable(&f, c, setField("filter system calls by the runtime's default", f.Path, "RuntimeDefault", seccompRisk))
			found = append(found, f)
		}
		return found
	}),
}

const (
	seccompType = "securityContext.seccompProfile.type"
	seccompRisk = "System calls outside of the runtime's default profile are refused, which few programs need (debuggers, sandboxes of browsers)."
)

func seccompDetail(profile *corev1.SeccompProfile) string {
	return fmt.Sprintf("seccompProfile.type is %s.", profile.Type)
}

// impliedForInheritors returns the rule that makes a finding about the pod's own
// security context a consequence: all containers that it holds for are privileged.
func impliedForInheritors(w *kube.Workload, overrides func(*corev1.SecurityContext) bool) string {
	implied := ""
	for c := range w.Containers() {
		if overrides(own(c)) {
			continue
		}
		if implied = impliedByPrivileged(c); implied == "" {
			return ""
		}
	}
	return implied
}
