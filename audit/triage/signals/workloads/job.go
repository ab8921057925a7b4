package workloads

import (
	"slices"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// jobCondition returns a condition of a Job that holds, nil if it does not.
func jobCondition(job *batchv1.Job, of ...batchv1.JobConditionType) *batchv1.JobCondition {
	for i := range job.Status.Conditions {
		if c := &job.Status.Conditions[i]; slices.Contains(of, c.Type) && c.Status == corev1.ConditionTrue {
			return c
		}
	}
	return nil
}

// runs has the Jobs that CronJobs of a namespace have started, by the name of the
// CronJob, the oldest first.
var runs = kube.DeriveFor(func(c *kube.Cluster, namespace string) map[string][]*batchv1.Job {
	of := map[string][]*batchv1.Job{}
	for _, job := range c.Jobs.In(namespace) {
		if cron := startedBy(job); cron != "" {
			of[cron] = append(of[cron], job)
		}
	}
	for _, jobs := range of {
		slices.SortStableFunc(jobs, func(a, b *batchv1.Job) int {
			return a.CreationTimestamp.Compare(b.CreationTimestamp.Time)
		})
	}
	return of
}).From(kube.Jobs)

// startedBy returns the CronJob that started a Job, "" if none did.
func startedBy(job *batchv1.Job) string {
	if owner := metav1.GetControllerOfNoCopy(job); owner != nil && owner.Kind == kube.CronJobs.Kind {
		return owner.Name
	}
	return ""
}

// siblings returns the Jobs that the same CronJob started, the oldest first; nil
// for a Job of its own.
func siblings(c *kube.Cluster, job *batchv1.Job) []*batchv1.Job {
	if cron := startedBy(job); cron != "" {
		return runs.Of(c, job.Namespace)[cron]
	}
	return nil
}

// lasted returns how long a Job took that succeeded, false for any other.
func lasted(job *batchv1.Job) (time.Duration, bool) {
	if job.Status.StartTime == nil || job.Status.CompletionTime == nil {
		return 0, false
	}
	return job.Status.CompletionTime.Sub(job.Status.StartTime.Time), true
}
