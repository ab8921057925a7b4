package platform

import (
	"fmt"

	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var externalSecretStale = &audit.Rule{
	ID:       "external-secret-stale",
	Title:    "A secret was not refreshed from its store for long",
	Severity: audit.Medium,
	Rationale: "The ExternalSecret says how old a secret may be here, and it is older. A controller that does not run leaves the status " +
		"as it was: ready, as of then.",
	Remediation: "See whether the controller of External Secrets runs and what it logs of this object; " +
		"`kubectl annotate externalsecret NAME force-sync=$(date +%s) --overwrite` has it try at once. " +
		"If the secret is to be fetched once only, say so: spec.refreshPolicy: CreatedOnce.",
	Since:    "3",
	Subjects: []kube.Resource{kube.ExternalSecrets},
	Timed:    true,
	Parameters: []audit.Parameter{{
		Name:  "intervals",
		About: "How many of its refresh intervals in a row may pass without a refresh that goes well.",
		Value: 3,
	}, {
		Name:  "graceMinutes",
		About: "For how many minutes longer than that: the controller may have much to do.",
		Value: 30,
	}},
	Check: eachDecoded([]kube.Resource{kube.ExternalSecrets}, func(p *audit.Pass, e *externalSecret) {
		minutes, every, periodic := e.interval()
		if !periodic || e.Status.RefreshTime == nil {
			p.NotApplicable() // fetched when people want it, or never yet
			return
		}
		last := *e.Status.RefreshTime
		if !p.Cluster.Lasted(last, p.Number("intervals")*minutes+p.Number("graceMinutes")) {
			return
		}
		f := audit.Finding{
			Path:    "spec.refreshInterval",
			Message: "it was last refreshed at " + kube.Moment(last),
			Detail:  fmt.Sprintf("It is to be refreshed every %s. What was replaced or revoked in the store since is still in use here.", every),
		}
		if meta.IsStatusConditionFalse(e.Status.Conditions, "Ready") {
			f.Implied = "external-secret-not-ready"
		}
		p.Report(f)
	}),
}

// interval returns how often the secret is refreshed by itself, in minutes and in words,
// false if it is not (https://external-secrets.io/latest/api/externalsecret/, refresh
// policies). Where that may be in certain hours only, nothing follows from it.
func (e *externalSecret) interval() (minutes int, every string, periodic bool) {
	if p := e.Spec.RefreshPolicy; p != "" && p != "Periodic" || e.Spec.SyncWindows != nil {
		return 0, "", false
	}
	own := e.Spec.RefreshInterval
	if own == nil {
		return 60, "hour", true
	}
	return int(own.Minutes()), own.Duration.String(), own.Duration > 0
}
