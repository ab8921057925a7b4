package probes

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var livenessProbeMissing = &audit.Rule{
	ID:       "liveness-probe-missing",
	Title:    "No liveness probe",
	Severity: audit.Low,
	Rationale: "The kubelet restarts a program that ends, but cannot see one that hangs. " +
		"Without a liveness probe a deadlock lasts until a person notices.",
	Remediation: "If the program can hang, add a liveness probe that asks nothing of other services and is more patient than the readiness probe. " +
		"A program that ends when it is broken needs none.",
	Since:    "1",
	Subjects: kube.WorkloadResources(),
	Admission: &audit.Admission{
		Except:    "variables.completes",
		Among:     "longRunning",
		Container: "!has(c.livenessProbe)",
	},
	Check: eachServer(func(p *audit.Pass, _ *kube.Workload, c kube.Container) bool {
		if c.LivenessProbe != nil {
			return true
		}
		f := audit.Finding{
			Container: c.Name, Path: c.Field(liveness.field),
			Message: named(c) + " has no liveness probe",
			Detail:  "livenessProbe is not set: the container is restarted when its process ends, but not when it hangs.",
		}
		f.Fixes, f.Placeholder = suggestLiveness(p.Cluster, c)
		p.Report(f)
		return true
	}),
}
