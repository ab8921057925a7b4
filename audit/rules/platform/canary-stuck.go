package platform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var canaryStuck = &audit.Rule{
	ID:       "canary-stuck",
	Title:    "A Canary of Flagger does not get on",
	Severity: audit.Medium,
	Rationale: "A new version is neither out nor taken back, or a workload was never set up to be delivered step by step. " +
		"Part of the users have the new version for as long as it lasts.",
	Remediation: "See whether Flagger runs and what it logs of the Canary: the target is missing or has no port, pods do not become ready, a metric has no values. " +
		"One that waits for a confirmation wants its gate opened.",
	Since:    "3",
	Subjects: []kube.Resource{kube.Canaries},
	Timed:    true,
	Parameters: []audit.Parameter{{
		Name:  "graceHours",
		About: "For how many hours the status of a Canary may stay as it is between start and end.",
		Value: 6,
	}},
	Check: eachDecoded([]kube.Resource{kube.Canaries}, judgeCanaryProgress),
}

func judgeCanaryProgress(p *audit.Pass, c *canary) {
	waits := slices.Contains([]string{"Waiting", "WaitingPromotion"}, c.Status.Phase)
	going := slices.Contains([]string{"Initializing", "Progressing", "Promoting", "Finalising"}, c.Status.Phase)
	since, hours := c.Status.LastTransitionTime, p.Number("graceHours")
	switch {
	case c.Spec.Suspend || c.Status.Phase == "" || since.IsZero(): // suspended on purpose, or a manifest
		p.NotApplicable()
	case !p.Cluster.Lasted(since, hours*60):
	case waits: // for a gate that somebody made, to be asked
		p.Report(audit.Finding{
			Severity: audit.Info,
			Message:  fmt.Sprintf("it has waited for more than %d hours to be confirmed", hours),
			Detail:   "It is " + c.Status.Phase + " since " + kube.Moment(since) + ".",
		})
	case going:
		p.Report(audit.Finding{
			Message: fmt.Sprintf("it has been %s for more than %d hours", c.Status.Phase, hours),
			Detail:  strings.TrimSpace("Nothing has changed since " + kube.Moment(since) + ". " + c.promoted()),
		})
	}
}
