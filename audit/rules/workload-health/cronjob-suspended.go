package workloadhealth

import (
	"strings"

	batchv1 "k8s.io/api/batch/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var cronjobSuspended = &audit.Rule{
	ID:       "cronjob-suspended",
	Title:    "A CronJob or Job is suspended",
	Severity: audit.Low,
	Rationale: "It does nothing until somebody resumes it. Suspending is meant for a while; " +
		"a backup or a clean-up that stays suspended is missed when it is needed.",
	Remediation: "Resume it (spec.suspend: false), or delete it if nobody needs it. " +
		"A CronJob with a startingDeadlineSeconds does not make up for all that it has missed.",
	Since:    "2",
	Subjects: []kube.Resource{kube.CronJobs, kube.Jobs},
	Check: eachJob(func(p *audit.Pass, cron *batchv1.CronJob, job *batchv1.Job) {
		f := audit.Finding{Path: "spec.suspend", Message: "it is suspended"}
		if cron != nil {
			if !suspended(cron.Spec.Suspend) {
				return
			}
			if last := cron.Status.LastScheduleTime; last != nil {
				f.Detail = "It was last due at " + kube.Moment(*last) + "."
			}
			p.Report(f)
			return
		}
		if jobCondition(job, batchv1.JobComplete) != nil || jobCondition(job, batchv1.JobFailed) != nil || queued(job) {
			p.NotApplicable()
			return
		}
		if suspended(job.Spec.Suspend) {
			p.Report(f)
		}
	}),
}

// queued reports whether another controller than that of Jobs decides when a Job
// may run: suspended is how it waits in a queue.
func queued(job *batchv1.Job) bool {
	if job.Spec.ManagedBy != nil && *job.Spec.ManagedBy != batchv1.JobControllerName {
		return true
	}
	for key := range job.Labels {
		if strings.HasPrefix(key, "kueue.x-k8s.io/") {
			return true
		}
	}
	return false
}
