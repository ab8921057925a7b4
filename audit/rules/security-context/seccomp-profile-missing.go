package securitycontext

import (
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var seccompProfileMissing = &audit.Rule{
	ID:       "seccomp-profile-missing",
	Title:    "No seccomp profile",
	Severity: audit.Medium,
	Rationale: "Without a profile Kubernetes runs containers with every system call open, " +
		"among them those that most kernel exploits need.",
	Remediation: "Set securityContext.seccompProfile.type to RuntimeDefault for the pod.",
	Controls:    []string{"PSS-restricted", "CIS-5.7.2", "CIS-5.7.3", "NSA", "OWASP22-K01", "OWASP25-K01"},
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Except:    "variables.windows || variables.podSecurityContext.?seccompProfile.hasValue()",
		Container: "!c.?securityContext.seccompProfile.hasValue()",
	},
	Check: podSecurityPart("seccompProfile_restricted", func(s standard) []audit.Finding {
		w := s.workload
		// A profile that is set, and wrong, is the concern of seccomp-unconfined.
		if shared(w).SeccompProfile != nil {
			return nil
		}
		var without []string
		for c := range w.Containers() {
			if own(c).SeccompProfile == nil {
				without = append(without, c.Name)
			}
		}
		if len(without) == 0 || !s.forbidsSecurityContext(nil) {
			return nil
		}
		f := audit.Finding{
			Path: w.Field(seccompType), Message: "pod has no seccomp profile",
			Detail: "seccompProfile is set neither for the pod nor for " + strings.Join(without, ", ") +
				". The default is Unconfined, unless the kubelet was started with --seccomp-default.",
			Implied: impliedForInheritors(w, func(c *corev1.SecurityContext) bool { return c.SeccompProfile != nil }),
		}
		if f.Implied == "" {
			f.Fixes = []audit.Fix{setField("filter system calls by the runtime's default", f.Path, "RuntimeDefault", seccompRisk)}
		}
		return []audit.Finding{f}
	}),
}
