package securitycontext

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var capabilitiesNoneDropped = &audit.Rule{
	ID:       "capabilities-none-dropped",
	Title:    "No capability dropped",
	Severity: audit.Low,
	Rationale: "The container keeps every capability that the runtime gives by default, " +
		"also those of which it is plain that it needs none.",
	Remediation: `Set securityContext.capabilities.drop to ["ALL"], and add back what the program is known to need.`,
	Controls:    []string{"CIS-5.2.9", "OWASP22-K01", "OWASP25-K01"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Except:    "variables.windows",
		Container: "c.?securityContext.capabilities.drop.orValue([]).size() == 0",
	},
	Check: eachLinux(func(p *audit.Pass, w *kube.Workload) {
		for c := range w.Containers() {
			if len(dropped(c)) > 0 {
				continue
			}
			f := inContainer(c, "securityContext.capabilities.drop", "drops no capability")
			f.Detail = "capabilities.drop is empty or not set."
			f.Implied = impliedByKeptCapabilities(p.Cluster, w, c)
			fixable(&f, c, dropFixes(c, f.Path)...)
			p.Report(f)
		}
	}),
}
