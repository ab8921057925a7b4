package workloads

import (
	"cmp"
	"fmt"
	"time"

	batchv1 "k8s.io/api/batch/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// failureNews is for how long a Job that failed is of interest.
const failureNews = 24 * time.Hour

var jobFailed = &triage.Detector{
	ID:    "job-failed",
	Title: "A Job failed",
	About: "The condition Failed of a Job is True, or FailureTarget, which precedes it while its pods end: the retries are used up, its deadline has " +
		"passed, or its pod failure policy says so (batch/v1 JobReason…). Pods that failed before a Job succeeded are no problem, and nor is a Job " +
		"of a CronJob of which a later one succeeded. A hook of a release holds up the release. It is told for a day.",
	Reads: []kube.Resource{kube.Jobs},
	Rung:  triage.Revisions,
	Paged: 15 * time.Minute,
	Check: func(p *triage.Pass) {
		for _, job := range p.Cluster.Jobs.In(p.Namespace) {
			failed := jobCondition(job, batchv1.JobFailed, batchv1.JobFailureTarget)
			if failed == nil || job.DeletionTimestamp != nil || madeGood(p.Cluster, job) {
				continue
			}
			s := triage.Signal{
				Object: kube.Jobs.Ref(job.Namespace, job.Name), Since: failed.LastTransitionTime.Time, Raw: failed.Message,
				Until: failed.LastTransitionTime.Add(failureNews), Severity: triage.S3, Cause: causeOf(failed.Reason),
				Message: fmt.Sprintf("failed after %d attempts: %s", job.Status.Failed, cmp.Or(failed.Reason, "no reason given")),
			}
			if job.Annotations["helm.sh/hook"] != "" || job.Annotations["argocd.argoproj.io/hook"] != "" {
				s.Severity, s.Message = triage.S2, "hook of a release "+s.Message
			}
			if cron := startedBy(job); cron != "" {
				s.Workload = kube.CronJobs.Ref(job.Namespace, cron)
			}
			p.Report(s)
		}
	},
}

// causeOf returns a slug for the reason of a Job's failure (batch/v1, JobReason…).
func causeOf(reason string) string {
	switch reason {
	case batchv1.JobReasonBackoffLimitExceeded:
		return "retries"
	case batchv1.JobReasonDeadlineExceeded:
		return "deadline"
	case batchv1.JobReasonPodFailurePolicy:
		return "policy"
	case batchv1.JobReasonMaxFailedIndexesExceeded, batchv1.JobReasonFailedIndexes:
		return "indexes"
	}
	return "unparsed"
}

// madeGood reports whether a later Job of the same CronJob succeeded.
func madeGood(c *kube.Cluster, job *batchv1.Job) bool {
	for _, other := range siblings(c, job) {
		if other.CreationTimestamp.After(job.CreationTimestamp.Time) && jobCondition(other, batchv1.JobComplete) != nil {
			return true
		}
	}
	return false
}
