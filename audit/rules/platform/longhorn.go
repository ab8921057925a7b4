package platform

import (
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// recurringJob is what matters of a RecurringJob of Longhorn
// (https://longhorn.io/docs/latest/snapshots-and-backups/scheduling-backups-and-snapshots/).
type recurringJob struct {
	Metadata metav1.ObjectMeta `json:"metadata"`
	Spec     struct {
		Task   string   `json:"task"`
		Cron   string   `json:"cron"`
		Groups []string `json:"groups"`
	} `json:"spec"`
}

// backsUp reports whether the job takes volumes out of the cluster; others take
// snapshots, which are lost with the volume, or clean up.
func (j *recurringJob) backsUp() bool {
	return j.Spec.Task == "backup" || j.Spec.Task == "backup-force-create"
}

// plan reads when volumes are backed up. The job itself does not say how it does. Longhorn
// runs it as a CronJob of its name, which may end well though a volume was left out: one
// that is detached, or that has not changed.
func (j *recurringJob) plan(p *audit.Pass) (*plan, bool) {
	if !j.backsUp() || j.Metadata.CreationTimestamp.IsZero() {
		p.NotApplicable()
		return nil, false
	}
	runs, err := timed(standard(), "spec.cron", j.Spec.Cron)
	if err != nil {
		p.Unknown(err.Error())
		return nil, false
	}
	if !readable(p, kube.CronJobs) {
		return nil, false
	}
	job, held := p.Cluster.CronJobs.Get(j.Metadata.Namespace, j.Metadata.Name)
	if !held {
		p.NotApplicable() // Longhorn has not got to it, or calls it otherwise
		return nil, false
	}
	return &plan{
		path: "spec.cron", runs: runs, created: j.Metadata.CreationTimestamp, partial: true,
		good: job.Status.LastSuccessfulTime,
	}, true
}

// The labels by which a volume is of a job or of a group of jobs. One without any is of
// the group default.
const (
	ofJob        = "recurring-job.longhorn.io/"
	ofGroup      = "recurring-job-group.longhorn.io/"
	defaultGroup = "default"
)

// covers reports whether the job is for a volume with some labels.
func (j *recurringJob) covers(labels map[string]string) bool {
	labelled := false
	for key, value := range labels {
		job, isJob := strings.CutPrefix(key, ofJob)
		group, isGroup := strings.CutPrefix(key, ofGroup)
		if value != "enabled" || !isJob && !isGroup {
			continue
		}
		labelled = true
		if isJob && job == j.Metadata.Name || isGroup && slices.Contains(j.Spec.Groups, group) {
			return true
		}
	}
	return !labelled && slices.Contains(j.Spec.Groups, defaultGroup)
}

// longhornVolume is what matters of a Volume of Longhorn: the jobs that it is labelled with,
// and the claim that it is for.
type longhornVolume struct {
	Metadata metav1.ObjectMeta `json:"metadata"`
	Status   struct {
		State            string `json:"state"` // "attached" while a node has it
		KubernetesStatus struct {
			Namespace string `json:"namespace"`
			PVCName   string `json:"pvcName"`
		} `json:"kubernetesStatus"`
		LastBackupAt string `json:"lastBackupAt"` // of the last that went well; "" for none
	} `json:"status"`
}

// backupTarget is what matters of a BackupTarget of Longhorn
// (https://longhorn.io/docs/latest/snapshots-and-backups/backup-and-restore/set-backup-target/).
type backupTarget struct {
	Metadata metav1.ObjectMeta `json:"metadata"`
	Spec     struct {
		BackupTargetURL string `json:"backupTargetURL"` // "" in one that nobody has set up
	} `json:"spec"`
	Status struct {
		Available  *bool `json:"available"`
		Conditions []struct {
			Type    string `json:"type"`
			Status  string `json:"status"`
			Message string `json:"message"`
		} `json:"conditions"`
	} `json:"status"`
}

// judgeTarget reports a BackupTarget that jobs cannot write to. Longhorn makes one without
// an address when it is installed: nothing is wrong with that as long as nothing is to be
// backed up.
func judgeTarget(p *audit.Pass, t *backupTarget) {
	if t.Spec.BackupTargetURL == "" {
		if job := backingUp(p.Cluster, t.Metadata.Namespace); job != "" && t.Metadata.Name == defaultTarget {
			p.Report(audit.Finding{
				Path:    "spec.backupTargetURL",
				Message: "it has no address, and RecurringJob " + job + " is to back up",
				Detail:  "The backups of volumes that name no other target fail.",
			})
			return
		}
		p.NotApplicable()
		return
	}
	switch {
	case t.Status.Available == nil:
		p.NotApplicable() // not looked at yet, or a manifest
	case !*t.Status.Available:
		f := audit.Finding{Message: "Longhorn says that it is unavailable"}
		for _, c := range t.Status.Conditions {
			if c.Type == "Unavailable" && c.Status == "True" && c.Message != "" {
				f.Detail = "Longhorn says: " + c.Message
			}
		}
		p.Report(f)
	}
}

// defaultTarget is the name of the BackupTarget of volumes that name no other.
const defaultTarget = "default"

// backingUp returns the name of a job that backs up, "" if none is known.
func backingUp(c *kube.Cluster, namespace string) string {
	for _, o := range c.Custom(kube.RecurringJobs).In(namespace) {
		if j, err := kube.Decode[recurringJob](o); err == nil && j.backsUp() {
			return j.Metadata.Name
		}
	}
	return ""
}
