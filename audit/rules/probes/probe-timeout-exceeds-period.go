package probes

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var probeTimeoutExceedsPeriod = &audit.Rule{
	ID:       "probe-timeout-exceeds-period",
	Title:    "Probe waits longer than its period",
	Severity: audit.Low,
	Rationale: "The kubelet makes one probe of a kind at a time. While it waits for an answer the next ones are left out, " +
		"so a program that hangs is noticed later than the period promises.",
	Remediation: "Set timeoutSeconds to periodSeconds at the most.",
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Except:    "variables.completes",
		Among:     "longRunning",
		Container: `[c.?livenessProbe, c.?readinessProbe, c.?startupProbe].exists(p, p.?timeoutSeconds.orValue(1) > p.?periodSeconds.orValue(10))`,
	},
	Check: eachServer(func(p *audit.Pass, _ *kube.Workload, c kube.Container) bool {
		applies := false
		for _, k := range []kind{liveness, readiness, startup} {
			probe := k.of(c.Container)
			if probe == nil {
				continue
			}
			applies = true
			if timeout(probe) <= period(probe) {
				continue
			}
			answer := audit.SetField("wait no longer than a period", c.Field(k.field+".timeoutSeconds"), int64(period(probe)))
			answer.Risk = fmt.Sprintf("An answer that takes longer than %d seconds counts as a failure.", period(probe))
			ask := audit.SetField("probe no more often than the timeout allows", c.Field(k.field+".periodSeconds"), int64(timeout(probe)))
			ask.Risk = fmt.Sprintf("A failure is noticed after %d seconds at the least.", failures(probe)*timeout(probe))
			p.Report(audit.Finding{
				Container: c.Name, Path: c.Field(k.field + ".timeoutSeconds"),
				Message: fmt.Sprintf("%s: the %s waits %d s every %d s", named(c), k.name, timeout(probe), period(probe)),
				Detail: fmt.Sprintf("timeoutSeconds is %d, periodSeconds %d: at worst the kubelet notices after %d s instead of %d s.",
					timeout(probe), period(probe), failures(probe)*timeout(probe), patience(probe)),
				Fixes: []audit.Fix{answer, ask},
			})
		}
		return applies
	}),
}
