package platform

import (
	"cmp"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var backupNeverRestored = &audit.Rule{
	ID:       "backup-never-restored",
	Title:    "Nobody has tried to restore the backups of a schedule here",
	Severity: audit.Info,
	Rationale: "A backup is as good as its last restore. That a volume was left out, a hook did not run, or the credentials " +
		"of the new cluster do not open the bucket is learned in a test, or on the worst day of the year. " +
		"A test in another cluster is the better one, and cannot be seen here.",
	Remediation: "Restore a backup into namespaces of its own and look at what comes up: " +
		"`velero restore create --from-schedule NAME --namespace-mappings shop:shop-restored`. Better, do it regularly in another cluster, and accept this finding with where that is.",
	Since:    "3",
	Subjects: []kube.Resource{kube.Schedules},
	Reads:    []kube.Resource{kube.Backups, kube.Restores},
	Timed:    true,
	Parameters: []audit.Parameter{{
		Name:  "days",
		About: "Within how many days a backup of the schedule should have been restored.",
		Value: 90,
	}},
	Check: eachSchedule(func(p *audit.Pass, s *schedule) {
		const day = 24 * 60
		h, known := historyOf(p, s)
		if !known {
			return
		}
		old := !s.Metadata.CreationTimestamp.IsZero() && p.Cluster.Lasted(s.Metadata.CreationTimestamp, p.Number("days")*day)
		if !old || h.newest(completed, partiallyFailed) == nil {
			p.NotApplicable() // young, nothing to restore, or a manifest
			return
		}
		last, err := lastRestored(p.Cluster, s)
		if err != nil {
			p.Unknown(err.Error())
			return
		}
		if last != nil && !p.Cluster.Lasted(*last, p.Number("days")*day) {
			return
		}
		f := audit.Finding{Message: "no restore of its backups is known here"}
		if last != nil {
			f.Message = "its backups were last restored here at " + kube.Moment(*last)
		}
		f.Detail = fmt.Sprintf("No completed Restore is of the last %d days. Tests in other clusters leave no trace here, "+
			"and Velero deletes a Restore together with its backup, after %s.", p.Number("days"), cmp.Or(s.Spec.Template.TTL, "720h unless the server says otherwise"))
		p.Report(f)
	}),
}

// restore is what matters of a Restore (https://velero.io/docs/main/api-types/restore/).
type restore struct {
	Spec struct {
		BackupName string `json:"backupName"`
		// ScheduleName is filled in by Velero where it has the backup of a schedule
		// (pkg/controller/restore_controller.go).
		ScheduleName string `json:"scheduleName"`
	} `json:"spec"`
	Status struct {
		Phase               string       `json:"phase"`
		CompletionTimestamp *metav1.Time `json:"completionTimestamp"`
	} `json:"status"`
}

// lastRestored returns when a backup of a schedule was last restored without an
// error, nil if that is not known to have happened.
func lastRestored(c *kube.Cluster, s *schedule) (*metav1.Time, error) {
	var last *metav1.Time
	for _, o := range c.Custom(kube.Restores).In(s.Metadata.Namespace) {
		r, err := kube.Decode[restore](o)
		if err != nil {
			return nil, err
		}
		of := r.Spec.ScheduleName
		if b, there := c.Custom(kube.Backups).Get(s.Metadata.Namespace, r.Spec.BackupName); of == "" && there {
			of = scheduleOf(b)
		}
		if cmp.Or(of, beforeStamp(r.Spec.BackupName)) != s.Metadata.Name || r.Status.Phase != completed {
			continue
		}
		if ended := r.Status.CompletionTimestamp; ended != nil && (last == nil || last.Before(ended)) {
			last = ended
		}
	}
	return last, nil
}
