package securitycontext

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var apparmorProfileMissing = &audit.Rule{
	ID:       "apparmor-profile-missing",
	Title:    "AppArmor profile left to the runtime",
	Severity: audit.Info,
	Rationale: "On nodes with AppArmor the runtime gives containers its own profile, which suits nearly all. " +
		"A profile made for the program would allow less.",
	Remediation: "Nothing has to be done. Where your house rules ask for it, set appArmorProfile.type to RuntimeDefault or Localhost.",
	Controls:    []string{"OWASP22-K01", "OWASP25-K01"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Except:    "variables.windows || variables.podSecurityContext.?appArmorProfile.hasValue()",
		Container: `!c.?securityContext.privileged.orValue(false) && !c.?securityContext.appArmorProfile.hasValue() && !(('container.apparmor.security.beta.kubernetes.io/' + c.name) in variables.annotations)`,
	},
	Check: eachLinux(func(p *audit.Pass, w *kube.Workload) {
		without := containersThat(w, func(c kube.Container) bool { return !isTrue(own(c).Privileged) && !setsAppArmor(w, c) })
		if len(without) == 0 {
			return
		}
		p.Report(audit.Finding{
			Path: w.Field("securityContext.appArmorProfile"), Message: "pod leaves its AppArmor profile to the runtime",
			Detail: "Neither a field nor an annotation sets a profile for " + strings.Join(without, ", ") + ".",
		})
	}),
}
