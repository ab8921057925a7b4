package workloads

import (
	"cmp"
	"fmt"
	"time"

	"github.com/robfig/cron/v3"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// severalRuns is how many runs a CronJob must miss to be worse than late.
const severalRuns = 3

var cronMissed = &triage.Detector{
	ID:    "cron-missed",
	Title: "A CronJob did not start when it was due",
	About: "The next time of its schedule after status.lastScheduleTime has gone by, in its time zone, together with spec.startingDeadlineSeconds, and " +
		"no Job was started. Nothing is missed while it is suspended, or while a Job of it runs that its concurrencyPolicy Forbid does not let it double. " +
		"A schedule that cannot be read is for cron-events. The schedule is read as its controller reads it (robfig/cron, pkg/controller/cronjob).",
	Reads: []kube.Resource{kube.CronJobs},
	Rung:  triage.ControlPlane,
	After: 2 * time.Minute,
	Check: func(p *triage.Pass) {
		for _, o := range p.Cluster.CronJobs.In(p.Namespace) {
			if o.Spec.Suspend != nil && *o.Spec.Suspend || o.DeletionTimestamp != nil ||
				o.Spec.ConcurrencyPolicy == batchv1.ForbidConcurrent && len(o.Status.Active) > 0 {
				continue
			}
			due, third, known := missed(o)
			if !known {
				continue
			}
			ref := kube.CronJobs.Ref(o.Namespace, o.Name)
			last := "never"
			if o.Status.LastScheduleTime != nil {
				last = o.Status.LastScheduleTime.UTC().Format(time.RFC3339)
			}
			p.Report(triage.Signal{
				Object: ref, Since: due, Severity: triage.S3, Until: third, Cause: "one",
				Message: fmt.Sprintf("was due at %s and did not start, the last start was %s", due.UTC().Format(time.RFC3339), last),
			})
			p.Report(triage.Signal{
				Object: ref, Since: third, Severity: triage.S2, Cause: "several", Container: "",
				Message: fmt.Sprintf("missed %d starts and more since %s, the last start was %s", severalRuns, due.UTC().Format(time.RFC3339), last),
			})
		}
	},
}

// missed returns when a CronJob is next due after its last start, with its
// deadline, and when it will have missed several starts; false if nobody can tell.
func missed(o *batchv1.CronJob) (due, third time.Time, known bool) {
	schedule, err := scheduleOf(o)
	if err != nil {
		return due, third, false
	}
	at := o.CreationTimestamp.Time
	if o.Status.LastScheduleTime != nil {
		at = o.Status.LastScheduleTime.Time
	}
	if at.IsZero() {
		return due, third, false
	}
	var deadline time.Duration
	if o.Spec.StartingDeadlineSeconds != nil {
		deadline = time.Duration(*o.Spec.StartingDeadlineSeconds) * time.Second
	}
	for n := range severalRuns {
		at = schedule.Next(at)
		if at.IsZero() {
			return due, third, false // never again: February 30
		}
		if n == 0 {
			due = at.Add(deadline)
		}
	}
	return due, at.Add(deadline), true
}

// scheduleOf reads the schedule of a CronJob in its time zone; without one it is
// that of the controller, which is UTC as good as always.
func scheduleOf(o *batchv1.CronJob) (cron.Schedule, error) {
	zone := "UTC"
	if o.Spec.TimeZone != nil {
		zone = cmp.Or(*o.Spec.TimeZone, zone)
	}
	return cron.ParseStandard("TZ=" + zone + " " + o.Spec.Schedule)
}
