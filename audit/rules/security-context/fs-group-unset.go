package securitycontext

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var fsGroupUnset = &audit.Rule{
	ID:       "fs-group-unset",
	Title:    "No group for the files of volumes",
	Severity: audit.Info,
	Rationale: "A new disk belongs to root. Without fsGroup only root can write to it, " +
		"which is why many pods are left to run as root.",
	Remediation: "Set securityContext.fsGroup to a group of the program. Volumes shared over a network mostly ignore it.",
	Controls:    []string{"CIS-5.7.3", "OWASP22-K01", "OWASP25-K01"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Except:    "variables.windows || variables.podSecurityContext.?fsGroup.hasValue()",
		Variables: []audit.Variable{claimedVolumes},
		Container: `c.?volumeMounts.orValue([]).exists(m, m.name in variables.claimed && !m.?readOnly.orValue(false)) && c.?securityContext.runAsUser.or(variables.podSecurityContext.?runAsUser).orValue(1) != 0`,
	},
	Check: eachLinux(func(p *audit.Pass, w *kube.Workload) {
		volumes := claimed(w)
		if len(volumes) == 0 {
			p.NotApplicable()
			return
		}
		if shared(w).FSGroup != nil {
			return
		}
		for c := range w.Containers() {
			if volume := mountsClaim(c, volumes); volume != "" && !isRoot(w, c) {
				p.Report(audit.Finding{
					Path: w.Field("securityContext.fsGroup"), Message: "pod writes to a volume without a group for its files",
					Detail: fmt.Sprintf("%s mounts %s for writing, is not told to run as root, and fsGroup is not set.", named(c), volume),
				})
				return
			}
		}
	}),
}
