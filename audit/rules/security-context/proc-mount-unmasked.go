package securitycontext

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var procMountUnmasked = &audit.Rule{
	ID:       "proc-mount-unmasked",
	Title:    "Kernel interfaces in /proc not masked",
	Severity: audit.Medium,
	Rationale: "The runtime hides the parts of /proc that change or reveal the kernel of the node. " +
		"Unmasked, a process that is root can write to them.",
	Remediation: "Leave procMount at Default. A container that runs containers itself can have Unmasked in a user namespace (hostUsers: false).",
	Controls:    []string{"PSS-baseline", "PSS-restricted", "CIS-5.7.3"},
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		baseline := standardOf(p.Cluster, "procMount", w)
		unmasked := false
		for c := range w.Containers() {
			mount := own(c).ProcMount
			if mount == nil || *mount == corev1.DefaultProcMount {
				continue
			}
			unmasked = true
			f := inContainer(c, "securityContext.procMount", "sees /proc unmasked")
			f.Detail = fmt.Sprintf("procMount is %s.", *mount)
			if baseline.forbidsContainer(c.Container) {
				f.Implied = impliedByPrivileged(c)
				fixable(&f, c, setField("mask /proc", f.Path, "Default", "A program that starts containers of its own may not be able to."))
			} else {
				f.Severity = audit.Info
				f.Detail += " The pod is in a user namespace of its own, so that baseline allows it and restricted alone does not."
			}
			p.Report(f)
		}
		if w.Windows() && !unmasked {
			p.NotApplicable()
		}
	}),
}
