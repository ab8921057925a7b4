package securitycontext

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var shareProcessNamespace = &audit.Rule{
	ID:       "share-process-namespace",
	Title:    "Containers of the pod see each other's processes",
	Severity: audit.Low,
	Rationale: "Each container of the pod can signal the others' processes and read their environment and files through /proc, " +
		"secrets among them.",
	Remediation: "Remove shareProcessNamespace unless a sidecar has to see or signal the processes of the application.",
	Controls:    []string{"OWASP22-K01", "OWASP25-K01"},
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Except: "variables.windows",
		Object: "variables.podSpec.?shareProcessNamespace.orValue(false)",
	},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		if w.Windows() {
			p.NotApplicable()
			return
		}
		if !isTrue(w.Pod.Spec.ShareProcessNamespace) {
			return
		}
		path := w.Field("shareProcessNamespace")
		f := audit.Finding{
			Path: path, Message: "containers see each other's processes",
			Detail: "shareProcessNamespace is true: /proc of every container shows the processes of all.",
			Fixes: []audit.Fix{setField("give each container processes of its own", path, false,
				"A container that watches or signals the processes of another no longer can.")},
		}
		running := 0
		for c := range w.Containers() {
			if c.Kind != kube.Init {
				running++
			}
		}
		if running < 2 {
			f.Severity = audit.Info
			f.Detail += " The pod has a single container, so this matters once another is added."
		}
		p.Report(f)
	}),
}
