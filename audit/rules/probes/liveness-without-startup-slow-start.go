package probes

import (
	"fmt"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var livenessWithoutStartupSlowStart = &audit.Rule{
	ID:       "liveness-without-startup-slow-start",
	Title:    "Slow start left to the liveness probe's delay",
	Severity: audit.Low,
	Rationale: "A long initialDelaySeconds is a guess. A start that takes longer ends in a restart, over and over; " +
		"one that is quick goes unwatched until the delay is over.",
	Remediation: "Add a startup probe that allows as many failures as the slowest start needs, and drop the delay.",
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Except:    "variables.completes",
		Among:     "longRunning",
		Container: "c.?livenessProbe.initialDelaySeconds.orValue(0) > 60 && !has(c.startupProbe)",
	},
	Check: eachServer(func(p *audit.Pass, _ *kube.Workload, c kube.Container) bool {
		const patient = 60 // seconds of delay that need no startup probe
		probe := c.LivenessProbe
		if probe == nil {
			return false
		}
		if c.StartupProbe != nil || probe.InitialDelaySeconds <= patient {
			return true
		}
		p.Report(audit.Finding{
			Container: c.Name, Path: c.Field("livenessProbe.initialDelaySeconds"),
			Message: fmt.Sprintf("%s waits %d s before its first liveness probe", named(c), probe.InitialDelaySeconds),
			Detail: fmt.Sprintf("initialDelaySeconds is %d and there is no startupProbe: for so long after every start a hung program is not noticed.",
				probe.InitialDelaySeconds),
			Fixes: startupFixes(c),
		})
		return true
	}),
}

// startupFixes turns the delay into a startup probe that asks what the liveness
// probe asks and gives up when it would have.
func startupFixes(c kube.Container) []audit.Fix {
	probe := c.LivenessProbe.DeepCopy()
	every := period(probe)
	probe.FailureThreshold = (probe.InitialDelaySeconds+every-1)/every + failures(probe)
	probe.InitialDelaySeconds = 0
	value, err := runtime.DefaultUnstructuredConverter.ToUnstructured(probe)
	if err != nil {
		return nil // a fix is an offer: without it the finding still stands
	}
	return []audit.Fix{{
		Title: "wait by a startup probe",
		Edits: []audit.Edit{
			{Op: audit.Set, Path: c.Field("startupProbe"), Value: value},
			{Op: audit.Remove, Path: c.Field("livenessProbe.initialDelaySeconds")},
		},
		Risk: fmt.Sprintf("A start that takes longer than %d seconds still ends in a restart.", probe.FailureThreshold*every),
	}}
}
