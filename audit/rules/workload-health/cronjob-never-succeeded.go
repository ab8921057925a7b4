package workloadhealth

import (
	"fmt"

	batchv1 "k8s.io/api/batch/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var cronjobNeverSucceeded = &audit.Rule{
	ID:       "cronjob-never-succeeded",
	Title:    "A CronJob does not succeed",
	Severity: audit.Medium,
	Rationale: "It starts Jobs, and none has come to its end for several runs, or ever. " +
		"What it is for (a backup, a renewal, a clean-up) does not happen, and nobody waits for the result to notice.",
	Remediation: "See how its newest Job ended: `kubectl describe job` and the logs of its pods. " +
		"A run that takes longer than the time between two is replaced or left out, by its concurrencyPolicy.",
	Since:    "2",
	Subjects: []kube.Resource{kube.CronJobs},
	Reads:    []kube.Resource{kube.Jobs},
	Timed:    true,
	Parameters: []audit.Parameter{
		{Name: "periods", About: "For how many runs none may have succeeded.", Value: 3},
		{Name: "runMinutes", About: "How many minutes the first run may take.", Value: 720},
	},
	Check: eachCronJob(func(p *audit.Pass, cron *batchv1.CronJob) {
		due := cron.Status.LastScheduleTime
		if suspended(cron.Spec.Suspend) || due == nil {
			p.NotApplicable() // it does not run, or has not been due yet
			return
		}
		last := lastSuccess(p.Cluster, cron)
		if last == nil {
			judgeFirstRuns(p, cron, *due)
			return
		}
		if !last.Before(due) {
			return
		}
		period, known := rhythm(runsOf(p.Cluster, cron))
		switch {
		case !known && len(cron.Status.Active) == 0:
			p.Unknown("how often it is due cannot be told: none of its Jobs are kept")
		case known && due.Sub(last.Time).Minutes() >= float64(period*p.Number("periods")):
			p.Report(audit.Finding{
				Path:    "spec.jobTemplate",
				Message: "no run has succeeded since " + kube.Moment(*last),
				Detail:  fmt.Sprintf("It was last due at %s; its newest runs are %d minutes apart at the most.", kube.Moment(*due), period),
			})
		}
	}),
}

// judgeFirstRuns judges a CronJob that has started Jobs and never seen one succeed.
func judgeFirstRuns(p *audit.Pass, cron *batchv1.CronJob, due metav1.Time) {
	began := due
	if kept := runsOf(p.Cluster, cron); len(kept) > 0 {
		began = kept[0].CreationTimestamp
	}
	if len(cron.Status.Active) > 0 && !p.Cluster.Lasted(began, p.Number("runMinutes")) && !anyFailed(p.Cluster, cron) {
		return
	}
	if !p.Cluster.Lasted(began, settling) {
		return
	}
	p.Report(audit.Finding{
		Path:    "spec.jobTemplate",
		Message: "none of its runs has ever succeeded",
		Detail: fmt.Sprintf("It was created at %s and last due at %s; its status has no lastSuccessfulTime.",
			kube.Moment(cron.CreationTimestamp), kube.Moment(due)),
	})
}

// settling is for how many minutes after a run began its status may not show how
// it ended.
const settling = 5

func anyFailed(c *kube.Cluster, cron *batchv1.CronJob) bool {
	for _, job := range runsOf(c, cron) {
		if jobCondition(job, batchv1.JobFailed) != nil {
			return true
		}
	}
	return false
}
