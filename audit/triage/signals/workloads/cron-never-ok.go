package workloads

import (
	"fmt"
	"time"

	batchv1 "k8s.io/api/batch/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// fruitlessRuns is for how many starts none may have succeeded.
const fruitlessRuns = 3

var cronNeverOK = &triage.Detector{
	ID:    "cron-never-ok",
	Title: "A CronJob starts and does not succeed",
	About: "At least three starts by its schedule lie between status.lastSuccessfulTime, or its creation, and status.lastScheduleTime, and no Job that " +
		"runs now may still succeed. What it is for (a backup, a renewal) does not happen. Since when is told by the start that was the third.",
	Reads: []kube.Resource{kube.CronJobs, kube.Jobs},
	Rung:  triage.Revisions,
	Check: func(p *triage.Pass) {
		for _, o := range p.Cluster.CronJobs.In(p.Namespace) {
			if o.Status.LastScheduleTime == nil || o.Spec.Suspend != nil && *o.Spec.Suspend || len(o.Status.Active) > 0 {
				continue
			}
			schedule, err := scheduleOf(o)
			if err != nil {
				continue
			}
			at, since := lastSuccess(p.Cluster, o), time.Time{}
			success := "never succeeded"
			if !at.IsZero() {
				success = "last succeeded at " + at.UTC().Format(time.RFC3339)
			} else {
				at = o.CreationTimestamp.Time
			}
			for range fruitlessRuns {
				if at = schedule.Next(at); at.IsZero() {
					break
				}
			}
			if since = at; since.IsZero() || since.After(o.Status.LastScheduleTime.Time) {
				continue
			}
			p.Report(triage.Signal{
				Object: kube.CronJobs.Ref(o.Namespace, o.Name), Since: since, Severity: triage.S3,
				Message: fmt.Sprintf("%s, and was started %d times and more since", success, fruitlessRuns),
			})
		}
	},
}

// lastSuccess returns when a run of a CronJob last succeeded, by its status and by
// the Jobs that are kept; zero if none is known to have.
func lastSuccess(c *kube.Cluster, o *batchv1.CronJob) time.Time {
	var last time.Time
	if o.Status.LastSuccessfulTime != nil {
		last = o.Status.LastSuccessfulTime.Time
	}
	for _, job := range runs.Of(c, o.Namespace)[o.Name] {
		if done := jobCondition(job, batchv1.JobComplete); done != nil {
			last = later(last, done.LastTransitionTime.Time)
		}
	}
	return last
}
