package platform

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var backupOverdue = &audit.Rule{
	ID:       "backup-overdue",
	Title:    "A schedule has no recent backup that went well",
	Severity: audit.High,
	Rationale: "Whatever happened since the last good backup cannot be brought back. The schedule says how much loss was agreed on: " +
		"two of its backups in a row are missing.",
	Remediation: "See whether the server of the tool runs, whether its storage is available, and how the newest backup ended " +
		"(Velero: `velero backup get -l velero.io/schedule-name=NAME`; CloudNativePG: `kubectl get backups.postgresql.cnpg.io`; VolSync: the status of the ReplicationSource; " +
		"Longhorn: the Jobs of its CronJob). Then make one at once: `velero backup create --from-schedule NAME`, `kubectl cnpg backup CLUSTER`.",
	Since:    "3",
	Subjects: plans(),
	Reads:    []kube.Resource{kube.Backups},
	Consults: []kube.Resource{kube.PostgreSQLBackups, kube.CronJobs},
	Timed:    true,
	Parameters: []audit.Parameter{{
		Name:  "graceMinutes",
		About: "For how many minutes after it is due a backup may take to complete.",
		Value: 120,
	}},
	Check: audit.EachOf(plans(), func(p *audit.Pass, o kube.Object) {
		l, known := planOf(p, o)
		if !known {
			return
		}
		since := l.counts()
		first := metav1.NewTime(l.runs.Next(since.UTC()))
		second := metav1.NewTime(l.runs.Next(first.Time))
		switch {
		case first.IsZero() || second.IsZero():
			p.NotApplicable() // due never again: February 30
		case p.Cluster.Lasted(second, p.Number("graceMinutes")):
			p.Report(l.overdue(first, second))
		case l.good == nil || since.After(l.good.Time) || l.partial:
			p.NotApplicable() // young, or what was due was skipped on purpose, or left out
		}
	}),
}

// overdue words the finding about backups that were due at two times and are not there.
func (l *plan) overdue(first, second metav1.Time) audit.Finding {
	f := audit.Finding{Path: l.path, Message: "no backup of it that went well is there"}
	if l.good != nil {
		f.Message = "its last backup that went well is of " + kube.Moment(*l.good)
	}
	f.Detail = "By its schedule one was due at " + kube.Moment(first) + " and one at " + kube.Moment(second) + "." + l.news
	return f
}
