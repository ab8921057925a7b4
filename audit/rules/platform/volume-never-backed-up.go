package platform

import (
	"github.com/robfig/cron/v3"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var volumeNeverBackedUp = &audit.Rule{
	ID:        "volume-never-backed-up",
	Title:     "A volume that a job is to back up has no backup",
	Severity:  audit.High,
	Rationale: "The job runs, and the volume is not among what it saved: what it holds cannot be brought back, though its labels say that it can.",
	Remediation: "See the Backups of the volume and the log of the job's pods. Longhorn takes the first backup of a volume whatever it holds, " +
		"and later ones when something has changed.",
	Since:    "3",
	Subjects: []kube.Resource{kube.LonghornVolumes},
	Reads:    []kube.Resource{kube.RecurringJobs, kube.LonghornBackups},
	Timed:    true,
	Parameters: []audit.Parameter{{
		Name:  "graceMinutes",
		About: "For how many minutes after it is due a backup may take to complete.",
		Value: 120,
	}},
	Check: eachDecoded([]kube.Resource{kube.LonghornVolumes}, judgeVolume),
}

// judgeVolume holds a volume to the jobs that it is labelled with: two of its backups were
// due, and there is none. A backup that is older than that proves nothing either way: what
// has not changed is not saved again, and what is detached is left out.
func judgeVolume(p *audit.Pass, v *longhornVolume) {
	job, due := v.due(p.Cluster)
	if job == nil {
		p.NotApplicable()
		return
	}
	switch last := v.lastGood(p.Cluster); {
	case last != nil && !p.Cluster.Lasted(second(job, *last), p.Number("graceMinutes")):
	case last != nil || v.Status.State != "attached" || !p.Cluster.Lasted(due, p.Number("graceMinutes")):
		p.NotApplicable()
	default:
		p.Report(audit.Finding{
			Path:    "metadata.labels",
			Message: "no backup of it is there",
			Detail:  "RecurringJob " + job.name + " is to back it up, and was due to for the second time at " + kube.Moment(due) + "." + v.told(),
		})
	}
}

// timedJob is a job and when it runs.
type timedJob struct {
	name string
	runs cron.Schedule
}

// second returns when a job runs for the second time after some time, zero for never.
func second(j *timedJob, after metav1.Time) metav1.Time {
	first := j.runs.Next(after.UTC())
	if first.IsZero() {
		return metav1.Time{}
	}
	return metav1.NewTime(j.runs.Next(first))
}

// due returns a job that is to back up the volume, nil if there is none, and when that was
// due for the second time since both are there.
func (v *longhornVolume) due(c *kube.Cluster) (*timedJob, metav1.Time) {
	for o := range c.Custom(kube.RecurringJobs).All() {
		j, err := kube.Decode[recurringJob](o)
		if err != nil || !j.backsUp() || j.Metadata.Namespace != v.Metadata.Namespace || !j.covers(v.Metadata.Labels) {
			continue
		}
		runs, err := timed(standard(), "spec.cron", j.Spec.Cron)
		since := j.Metadata.CreationTimestamp
		if err != nil || since.IsZero() || v.Metadata.CreationTimestamp.IsZero() {
			continue // backup-overdue says so, or a manifest
		}
		if since.Before(&v.Metadata.CreationTimestamp) {
			since = v.Metadata.CreationTimestamp
		}
		job := &timedJob{j.Metadata.Name, runs}
		if due := second(job, since); !due.IsZero() {
			return job, due // and not on February 30
		}
	}
	return nil, metav1.Time{}
}
