package securitycontext

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var selinuxOptionsUnset = &audit.Rule{
	ID:       "selinux-options-unset",
	Title:    "SELinux context left to the runtime",
	Severity: audit.Info,
	Rationale: "On nodes with SELinux the runtime gives each pod a context of its own, which is what nearly all want. " +
		"Options are needed where a pod must have a certain type or level.",
	Remediation: "Nothing has to be done. Where your house rules ask for it, set securityContext.seLinuxOptions for the pod.",
	Controls:    []string{"CIS-5.7.3", "OWASP22-K01", "OWASP25-K01"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Except:    "variables.windows || variables.podSecurityContext.?seLinuxOptions.hasValue()",
		Container: "!c.?securityContext.seLinuxOptions.hasValue()",
	},
	Check: eachLinux(func(p *audit.Pass, w *kube.Workload) {
		without := containersThat(w, func(c kube.Container) bool { return own(c).SELinuxOptions == nil })
		if shared(w).SELinuxOptions != nil || len(without) == 0 {
			return
		}
		p.Report(audit.Finding{
			Path: w.Field("securityContext.seLinuxOptions"), Message: "pod leaves its SELinux context to the runtime",
			Detail: "seLinuxOptions is set neither for the pod nor for " + strings.Join(without, ", ") + ".",
		})
	}),
}
