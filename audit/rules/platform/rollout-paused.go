package platform

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var rolloutPaused = &audit.Rule{
	ID:       "rollout-paused",
	Title:    "A Rollout stays paused",
	Severity: audit.Low,
	Rationale: "Two versions serve at the same time, or twice the pods run, for as long as nobody decides. " +
		"The next version waits behind, a correction of a hole as well.",
	Remediation: "`kubectl argo rollouts promote NAME` goes on, `kubectl argo rollouts abort NAME` goes back. " +
		"Give the step a duration, or an analysis that decides.",
	Since:    "3",
	Subjects: []kube.Resource{kube.Rollouts},
	Timed:    true,
	Parameters: []audit.Parameter{{
		Name:  "graceHours",
		About: "For how many hours a rollout may wait for somebody to go on.",
		Value: 24,
	}},
	Check: eachRollout(judgePaused),
}

func judgePaused(p *audit.Pass, r *rollout) {
	switch {
	case r.Spec.Paused: // on purpose: told, and no fault
		p.Report(audit.Finding{
			Severity: audit.Info, Path: "spec.paused", Message: "it is paused by hand",
			Detail: "While spec.paused is true, no change of it is rolled out.",
		})
		return
	case !r.seen(p):
		return
	case len(r.Status.PauseConditions) == 0 || r.goesOn():
		p.NotApplicable()
		return
	}
	since, hours := r.Status.PauseConditions[0], p.Number("graceHours")
	if !p.Cluster.Lasted(since.StartTime, hours*60) {
		return
	}
	f := audit.Finding{
		Message: fmt.Sprintf("it has been paused for more than %d hours", hours),
		Detail:  "It waits since " + kube.Moment(since.StartTime) + " for somebody to go on (" + since.Reason + ").",
	}
	if since.Reason == "InconclusiveAnalysisRun" {
		f.Detail = "It waits since " + kube.Moment(since.StartTime) + ": the measurements of its analysis allow no verdict, and somebody has to decide."
	}
	p.Report(f)
}

// goesOn reports whether a Rollout goes on by itself: its step has a duration.
func (r *rollout) goesOn() bool {
	strategy, at := r.Spec.Strategy.Canary, r.Status.CurrentStepIndex
	if strategy == nil || at == nil || *at < 0 || *at >= len(strategy.Steps) {
		return false
	}
	pause := strategy.Steps[*at].Pause
	return pause != nil && pause.Duration != nil
}
