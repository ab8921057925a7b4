package hygiene

import (
	"fmt"

	batchv1 "k8s.io/api/batch/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

const cronJobTTL = "spec.jobTemplate.spec.ttlSecondsAfterFinished"

var cronjobTTLSet = &audit.Rule{
	ID:       "cronjob-ttl-set",
	Title:    "Two settings decide how long the Jobs of a CronJob stay",
	Severity: audit.Info,
	Rationale: "A CronJob keeps the last Jobs by number (successfulJobsHistoryLimit, failedJobsHistoryLimit). A time limit deletes them " +
		"earlier: the failed run that somebody looks for in the morning is gone.",
	Remediation: "Remove ttlSecondsAfterFinished from the template and set the history limits.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.CronJobs},
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.CronJobs},
		Object:    "object.spec.jobTemplate.?spec.ttlSecondsAfterFinished.hasValue()",
	},
	Check: eachCronJob(func(p *audit.Pass, j *batchv1.CronJob) {
		ttl := j.Spec.JobTemplate.Spec.TTLSecondsAfterFinished
		if ttl == nil {
			return
		}
		p.Report(audit.Finding{
			Path:    cronJobTTL,
			Message: fmt.Sprintf("its Jobs are deleted %d seconds after they finished, whatever its history limits say", *ttl),
			Detail:  "jobTemplate sets ttlSecondsAfterFinished beside the history limits of the CronJob.",
			Fixes: []audit.Fix{{
				Title: "leave it to the history limits",
				Edits: []audit.Edit{{Op: audit.Remove, Path: cronJobTTL}},
				Risk:  "Finished Jobs and their pods stay longer: as many as the limits say.",
			}},
		})
	}),
}

// eachCronJob returns a Check that judges every CronJob.
func eachCronJob(judge func(*audit.Pass, *batchv1.CronJob)) audit.Check {
	return audit.EachObject(kube.CronJobs, func(c *kube.Cluster) kube.Table[*batchv1.CronJob] { return c.CronJobs }, judge)
}
