package workloads

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	batchv1 "k8s.io/api/batch/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var jobLong = &triage.Detector{
	ID:    "job-long",
	Title: "A Job runs for much longer than others of its kind",
	About: "It runs for three times as long as the Jobs of the same CronJob did at the median, and for an hour at least; for twelve hours where " +
		"none is there to compare (the alert KubeJobNotCompleted of kubernetes-mixin waits as long). Some Jobs are meant to take days: it is a note.",
	Reads: []kube.Resource{kube.Jobs},
	Rung:  triage.Effects,
	Paged: 12 * time.Hour,
	Check: func(p *triage.Pass) {
		for _, job := range p.Cluster.Jobs.In(p.Namespace) {
			if job.Status.StartTime == nil || job.DeletionTimestamp != nil || job.Spec.Suspend != nil && *job.Spec.Suspend ||
				jobCondition(job, batchv1.JobComplete, batchv1.JobFailed, batchv1.JobFailureTarget, batchv1.JobSuccessCriteriaMet) != nil {
				continue
			}
			usual, known := median(siblings(p.Cluster, job))
			limit := 12 * time.Hour
			message := "runs for more than 12 hours"
			if known {
				limit = max(3*usual, time.Hour)
				message = fmt.Sprintf("runs for more than %s, others took %s at the median", rough(limit), rough(usual))
			}
			s := triage.Signal{
				Object: kube.Jobs.Ref(job.Namespace, job.Name), Since: job.Status.StartTime.Add(limit), Severity: triage.S4, Message: message,
			}
			if cron := startedBy(job); cron != "" {
				s.Workload = kube.CronJobs.Ref(job.Namespace, cron)
			}
			p.Report(s)
		}
	},
}

// median returns how long those of some Jobs that succeeded took, false if none did.
func median(jobs []*batchv1.Job) (time.Duration, bool) {
	var all []time.Duration
	for _, job := range jobs {
		if d, done := lasted(job); done {
			all = append(all, d)
		}
	}
	if len(all) == 0 {
		return 0, false
	}
	slices.Sort(all)
	return all[len(all)/2], true
}

// rough writes how long something took, to the minute where that is enough: "2h40m".
func rough(d time.Duration) string {
	if d >= time.Minute {
		d = d.Round(time.Minute)
	}
	text := strings.TrimSuffix(d.String(), "0s")
	if strings.HasSuffix(text, "h0m") {
		return strings.TrimSuffix(text, "0m")
	}
	return cmp.Or(text, "0s")
}
