package workloadhealth

import (
	"fmt"

	batchv1 "k8s.io/api/batch/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var jobFailed = &audit.Rule{
	ID:       "job-failed",
	Title:    "A Job has failed",
	Severity: audit.Medium,
	Rationale: "Its work was given up unfinished: a migration that is half done, a backup that is not there. " +
		"Nothing tries again before the next run, if there is one.",
	Remediation: "See why: the condition has the reason, the logs of the pods the cause. " +
		"Correct that and create the Job anew; delete one that does not matter any more.",
	Since:    "2",
	Subjects: []kube.Resource{kube.Jobs, kube.CronJobs},
	Reads:    []kube.Resource{kube.Jobs},
	Timed:    true,
	Parameters: []audit.Parameter{{
		Name:  "windowHours",
		About: "For how many hours the failure of a Job that no CronJob has started counts; that of a CronJob counts until a later run succeeds.",
		Value: 168,
	}},
	Check: eachJob(func(p *audit.Pass, cron *batchv1.CronJob, job *batchv1.Job) {
		if cron != nil {
			judgeLastRun(p, cron)
			return
		}
		failed := jobCondition(job, batchv1.JobFailed)
		if failed == nil {
			if job.Status.StartTime == nil {
				p.NotApplicable() // it has not begun, or is a manifest
			}
			return
		}
		if p.Cluster.Lasted(failed.LastTransitionTime, p.Number("windowHours")*60) {
			return
		}
		p.Report(audit.Finding{Message: "it has failed: " + failed.Reason, Detail: failure(job, failed)})
	}),
}

func judgeLastRun(p *audit.Pass, cron *batchv1.CronJob) {
	kept := runsOf(p.Cluster, cron)
	if len(kept) == 0 {
		p.NotApplicable()
		return
	}
	if job, failed := failedLast(p.Cluster, cron); failed != nil {
		p.Report(audit.Finding{
			Path:    "spec.jobTemplate",
			Message: "its last run failed: " + failed.Reason,
			Detail:  failure(job, failed),
		})
	}
}

// failedLast returns the newest run of a CronJob that failed, and how, nil if
// one has succeeded since.
func failedLast(c *kube.Cluster, cron *batchv1.CronJob) (*batchv1.Job, *batchv1.JobCondition) {
	var last *batchv1.Job
	var how *batchv1.JobCondition
	for _, job := range runsOf(c, cron) {
		if failed := jobCondition(job, batchv1.JobFailed); failed != nil {
			last, how = job, failed
		}
	}
	if how == nil {
		return nil, nil
	}
	if succeeded := lastSuccess(c, cron); succeeded != nil && how.LastTransitionTime.Before(succeeded) {
		return nil, nil
	}
	return last, how
}

func failure(job *batchv1.Job, failed *batchv1.JobCondition) string {
	return fmt.Sprintf("Job %s failed at %s with %d failed pods. %s",
		job.Name, kube.Moment(failed.LastTransitionTime), job.Status.Failed, quote(failed.Message))
}
