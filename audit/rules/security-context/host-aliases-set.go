package securitycontext

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var hostAliasesSet = &audit.Rule{
	ID:       "host-aliases-set",
	Title:    "Names of hosts set by hand",
	Severity: audit.Info,
	Rationale: "Entries in /etc/hosts win over DNS and stay what they are when an address changes. " +
		"They also are a way to send a program elsewhere that a review may overlook.",
	Remediation: "Put the names into DNS, or a Service of type ExternalName or without a selector in front of the address.",
	Controls:    []string{"OWASP22-K01", "OWASP25-K01"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Object: "variables.podSpec.?hostAliases.orValue([]).size() > 0",
	},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		if len(w.Pod.Spec.HostAliases) == 0 {
			return
		}
		f := audit.Finding{
			Path: w.Field("hostAliases"), Message: "pod has entries of its own in /etc/hosts", Detail: "hostAliases sets",
		}
		for i, alias := range w.Pod.Spec.HostAliases {
			if i > 0 {
				f.Detail += ";"
			}
			f.Detail += fmt.Sprintf(" %q to %s", alias.Hostnames, alias.IP)
		}
		f.Detail += "."
		p.Report(f)
	}),
}
