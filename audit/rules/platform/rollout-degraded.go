package platform

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var rolloutDegraded = &audit.Rule{
	ID:       "rollout-degraded",
	Title:    "A Rollout was aborted, or does not get on",
	Severity: audit.High,
	Rationale: "The new version is not out, and what people believe to run does not. After an abort the old version goes on serving; " +
		"where the Rollout is degraded for another reason, it may have fewer pods than it needs.",
	Remediation: "`kubectl argo rollouts get rollout NAME` shows the step and the analysis that it failed at. Correct the template, or go back to the one before; " +
		"`kubectl argo rollouts retry rollout NAME` tries the same version once more.",
	Since:    "3",
	Subjects: []kube.Resource{kube.Rollouts},
	Check:    eachRollout(judgeRollout),
}

func judgeRollout(p *audit.Pass, r *rollout) {
	switch {
	case !r.seen(p):
	case r.Status.Abort || strings.HasPrefix(r.Status.Message, "RolloutAborted"):
		f := audit.Finding{Severity: audit.Medium, Message: "its rollout was aborted", Detail: told(r.Status.Message)}
		if at := r.Status.AbortedAt; at != nil {
			f.Detail = strings.TrimSpace("It was aborted at " + kube.Moment(*at) + ". " + f.Detail)
		}
		p.Report(f)
	case r.Status.Phase == rolloutIsDegraded:
		reason, _, said := strings.Cut(r.Status.Message, ":")
		f := audit.Finding{Message: "it is degraded", Detail: told(r.Status.Message)}
		if said && !strings.Contains(reason, " ") {
			f.Message += " (" + reason + ")"
		}
		p.Report(f)
	}
}
