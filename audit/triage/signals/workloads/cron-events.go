package workloads

import (
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// eventNews is for how long an event that is not repeated counts.
const eventNews = time.Hour

var cronEvents = &triage.Detector{
	ID:    "cron-events",
	Title: "A CronJob cannot start its Jobs as it should",
	About: "Its controller says so in an event: the schedule or the time zone cannot be read, starts were missed, a Job could not be created " +
		"(pkg/controller/cronjob). TooManyMissedTimes is only a warning: the newest start still takes place. Events are gone after an hour.",
	Reads: []kube.Resource{kube.CronJobs, kube.Events},
	Rung:  triage.Revisions,
	Check: func(p *triage.Pass) {
		for _, o := range p.Cluster.CronJobs.In(p.Namespace) {
			ref := kube.CronJobs.Ref(o.Namespace, o.Name)
			var newest *triage.Signal
			for _, e := range p.Events(ref) {
				why, known := cronReason(e.Reason)
				if !known || o.DeletionTimestamp != nil {
					continue
				}
				newest = &triage.Signal{
					Object: ref, Since: triage.Began(e), Until: triage.Happened(e).Add(eventNews), Raw: e.Message,
					Severity: why.severity, Cause: why.slug, Message: why.message,
				}
			}
			if newest != nil {
				p.Report(*newest)
			}
		}
	},
}

// said is what an event of the CronJob controller comes down to.
type said struct {
	slug, message string
	severity      triage.Severity
}

// cronReason reads the reason of an event, false for one that tells of nothing
// wrong.
func cronReason(reason string) (said, bool) {
	switch reason {
	case "UnparseableSchedule":
		return said{"schedule", "its schedule cannot be read: it never starts", triage.S3}, true
	case "InvalidSchedule":
		return said{"schedule", "its schedule never comes: it never starts", triage.S3}, true
	case "UnknownTimeZone":
		return said{"time-zone", "its time zone is not known: it never starts", triage.S3}, true
	case "FailedNeedsStart":
		return said{"schedule", "its next start cannot be worked out", triage.S3}, true
	case "MissSchedule":
		return said{"missed", "missed a start", triage.S3}, true
	case "TooManyMissedTimes":
		return said{"missed", "missed more than a hundred starts", triage.S4}, true
	case "FailedCreate":
		return said{"create", "its Job could not be created", triage.S3}, true
	}
	return said{}, false
}
