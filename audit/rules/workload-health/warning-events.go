package workloadhealth

import (
	"fmt"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var warningEvents = &audit.Rule{
	ID:       "warning-events",
	Title:    "A controller warns of a CronJob or Job",
	Severity: audit.Low,
	Rationale: "What no status tells, events do: a schedule that does not parse, runs that were missed, pods that may not be created. " +
		"They are gone after an hour.",
	Remediation: "Read the message; `kubectl events --for cronjob/NAME` has them all.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.CronJobs, kube.Jobs},
	Reads:       []kube.Resource{kube.Events, kube.Jobs},
	Timed:       true,
	Parameters: []audit.Parameter{{
		Name:  "windowMinutes",
		About: "For how many minutes a warning counts that is not repeated.",
		Value: 60,
	}},
	Check: eachJob(func(p *audit.Pass, cron *batchv1.CronJob, job *batchv1.Job) {
		if p.Cluster.Info.Offline && p.Cluster.Events.Len() == 0 {
			p.NotApplicable()
			return
		}
		w := warned{reasons: tally{}}
		implied := ""
		if cron != nil && w.ofCronJob(p, cron) || job != nil && w.ofJob(p, job) {
			implied = jobFailed.ID
		}
		if w.newest == nil {
			return
		}
		p.Report(audit.Finding{
			Message: "warnings: " + w.reasons.String(),
			Detail:  fmt.Sprintf("The newest, of %s: %s", kube.Moment(happened(w.newest)), quote(w.newest.Message)),
			Implied: implied,
		})
	}),
}

// warned is what controllers have warned of.
type warned struct {
	success *metav1.Time // what was before it matters no more; nil if there was none
	reasons tally
	newest  *corev1.Event
}

// ofCronJob notes the warnings about a CronJob and its runs and reports whether
// the last of them failed.
func (w *warned) ofCronJob(p *audit.Pass, cron *batchv1.CronJob) bool {
	w.success = lastSuccess(p.Cluster, cron)
	w.note(p, kube.CronJobs.Ref(cron.Namespace, cron.Name))
	for _, run := range runsOf(p.Cluster, cron) {
		w.note(p, kube.Jobs.Ref(run.Namespace, run.Name))
	}
	_, failed := failedLast(p.Cluster, cron)
	return failed != nil
}

// ofJob is the same for a Job that no CronJob has started.
func (w *warned) ofJob(p *audit.Pass, job *batchv1.Job) bool {
	if complete := jobCondition(job, batchv1.JobComplete); complete != nil {
		w.success = &complete.LastTransitionTime
	}
	w.note(p, kube.Jobs.Ref(job.Namespace, job.Name))
	return jobCondition(job, batchv1.JobFailed) != nil
}

// note adds the warnings about an object.
func (w *warned) note(p *audit.Pass, about kube.Ref) {
	for _, e := range warnings.Of(p.Cluster, about.Namespace)[about] {
		at := happened(e)
		if p.Cluster.Lasted(at, p.Number("windowMinutes")) || w.success != nil && at.Before(w.success) {
			continue
		}
		w.reasons[e.Reason]++
		if w.newest == nil || at.After(happened(w.newest).Time) {
			w.newest = e
		}
	}
}
