package workloadhealth

import (
	"slices"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// runs has the Jobs that CronJobs of a namespace have started, by the name of the
// CronJob, the oldest first.
var runs = kube.DeriveFor(func(c *kube.Cluster, namespace string) map[string][]*batchv1.Job {
	of := map[string][]*batchv1.Job{}
	for _, job := range c.Jobs.In(namespace) {
		if owner := metav1.GetControllerOfNoCopy(job); owner != nil && owner.Kind == kube.CronJobs.Kind {
			of[owner.Name] = append(of[owner.Name], job)
		}
	}
	for _, jobs := range of {
		slices.SortStableFunc(jobs, func(a, b *batchv1.Job) int {
			return a.CreationTimestamp.Compare(b.CreationTimestamp.Time)
		})
	}
	return of
}).From(kube.Jobs)

// runsOf returns the Jobs that a CronJob has started and that are kept, the
// oldest first.
func runsOf(c *kube.Cluster, cron *batchv1.CronJob) []*batchv1.Job {
	return runs.Of(c, cron.Namespace)[cron.Name]
}

// eachJob returns a Check that judges every CronJob and every Job that no
// CronJob has started; one of both is nil.
func eachJob(judge func(*audit.Pass, *batchv1.CronJob, *batchv1.Job)) audit.Check {
	return eachOf([]kube.Resource{kube.CronJobs, kube.Jobs}, func(p *audit.Pass, w *kube.Workload) {
		switch o := w.Object.(type) {
		case *batchv1.CronJob:
			judge(p, o, nil)
		case *batchv1.Job:
			judge(p, nil, o)
		}
	})
}

// suspended reports whether spec.suspend is set.
func suspended(suspend *bool) bool { return suspend != nil && *suspend }

// jobCondition returns the condition of a Job that holds, nil if it does not.
func jobCondition(job *batchv1.Job, of batchv1.JobConditionType) *batchv1.JobCondition {
	for i := range job.Status.Conditions {
		if c := &job.Status.Conditions[i]; c.Type == of && c.Status == corev1.ConditionTrue {
			return c
		}
	}
	return nil
}

// lastSuccess returns when a run of a CronJob last succeeded, by its status and
// by the runs that are kept; nil if none is known to have.
func lastSuccess(c *kube.Cluster, cron *batchv1.CronJob) *metav1.Time {
	last := cron.Status.LastSuccessfulTime
	for _, job := range runsOf(c, cron) {
		complete := jobCondition(job, batchv1.JobComplete)
		if complete != nil && (last == nil || last.Before(&complete.LastTransitionTime)) {
			last = &complete.LastTransitionTime
		}
	}
	return last
}

// considered is how many of the newest runs tell how often a CronJob is due. One
// that failed may be kept for months, and says nothing of it.
const considered = 5

// rhythm returns the longest time between two of the newest runs of a CronJob, in
// minutes; false if fewer than two are kept. The schedule itself is not read: nights
// and weekends without runs are no silence.
func rhythm(jobs []*batchv1.Job) (int, bool) {
	jobs = jobs[max(0, len(jobs)-considered):]
	longest := 0.0
	for i := 1; i < len(jobs); i++ {
		longest = max(longest, jobs[i].CreationTimestamp.Sub(jobs[i-1].CreationTimestamp.Time).Minutes())
	}
	return int(longest) + 1, len(jobs) > 1
}
