package securitycontext

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var privilegedUnset = &audit.Rule{
	ID:       "privileged-unset",
	Title:    "Not said whether privileged",
	Severity: audit.Info,
	Rationale: "A container that does not say whether it is privileged is not. " +
		"Some houses want it said, so that a review sees that somebody thought of it.",
	Remediation: "Nothing has to be done. Where your house rules ask for it, set securityContext.privileged to false.",
	Controls:    []string{"OWASP22-K01", "OWASP25-K01"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Except:    "variables.windows",
		Container: "!c.?securityContext.privileged.hasValue()",
	},
	Check: eachLinux(func(p *audit.Pass, w *kube.Workload) {
		silent := containersThat(w, func(c kube.Container) bool { return own(c).Privileged == nil })
		if len(silent) == 0 {
			return
		}
		p.Report(audit.Finding{
			Path: w.Pod.Path, Message: "privileged is not said to be false",
			Detail: "privileged is not set for " + strings.Join(silent, ", ") + ", which means false.",
		})
	}),
}
