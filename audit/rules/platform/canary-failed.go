package platform

import (
	"fmt"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var canaryFailed = &audit.Rule{
	ID:       "canary-failed",
	Title:    "Flagger took a new version back",
	Severity: audit.Medium,
	Rationale: "The new version is not out: Flagger found it worse than it may be, and all traffic goes to the one before. " +
		"Until somebody changes the target again, what is in Git and what serves differ.",
	Remediation: "The events of the Canary and its condition Promoted name the check that failed. Correct the version, and change the target's template: that starts the next analysis.",
	Since:       "3",
	Subjects:    []kube.Resource{kube.Canaries},
	Check:       eachDecoded([]kube.Resource{kube.Canaries}, judgeCanary),
}

func judgeCanary(p *audit.Pass, c *canary) {
	switch c.Status.Phase {
	case "", "Terminating", "Terminated":
		p.NotApplicable() // a manifest, or on its way out
	case "Failed":
		f := audit.Finding{Message: "its newest version was taken back", Detail: c.promoted()}
		if !c.Status.LastTransitionTime.IsZero() {
			f.Detail = strings.TrimSpace("It failed at " + kube.Moment(c.Status.LastTransitionTime) + ". " + f.Detail)
		}
		if n := c.Status.FailedChecks; n > 0 {
			f.Detail += fmt.Sprintf(" Checks that failed: %d.", n)
		}
		p.Report(f)
	}
}
