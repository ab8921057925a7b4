package workloadhealth

import (
	batchv1 "k8s.io/api/batch/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var cronjobNoActiveJobs = &audit.Rule{
	ID:       "cronjob-no-active-jobs",
	Title:    "A CronJob has never started a Job",
	Severity: audit.Info,
	Rationale: "Between two runs no Job is active, and that is well. One that has never had any may have a schedule that means another time than was thought, " +
		"or one for a day that has not come.",
	Remediation: "Read the schedule: its five fields are minute, hour, day of the month, month and day of the week, in the time zone of spec.timeZone. " +
		"To see a run now: `kubectl create job --from=cronjob/NAME`.",
	Since:    "2",
	Subjects: []kube.Resource{kube.CronJobs},
	Reads:    []kube.Resource{kube.Jobs},
	Timed:    true,
	Parameters: []audit.Parameter{{
		Name:  "graceHours",
		About: "For how many hours after its creation a CronJob may not have started a Job.",
		Value: 24,
	}},
	Check: eachCronJob(func(p *audit.Pass, cron *batchv1.CronJob) {
		if suspended(cron.Spec.Suspend) || cron.CreationTimestamp.IsZero() {
			p.NotApplicable()
			return
		}
		if len(cron.Status.Active) > 0 || cron.Status.LastScheduleTime != nil || len(runsOf(p.Cluster, cron)) > 0 ||
			!p.Cluster.Lasted(cron.CreationTimestamp, p.Number("graceHours")*60) {
			return
		}
		p.Report(audit.Finding{
			Path:    "spec.schedule",
			Message: "it has never started a Job",
			Detail:  "It was created at " + kube.Moment(cron.CreationTimestamp) + ", has no active Job, and its status has no lastScheduleTime.",
		})
	}),
}

// eachCronJob returns a Check that judges every CronJob.
func eachCronJob(judge func(*audit.Pass, *batchv1.CronJob)) audit.Check {
	return audit.EachObject(kube.CronJobs, func(c *kube.Cluster) kube.Table[*batchv1.CronJob] { return c.CronJobs }, judge)
}
