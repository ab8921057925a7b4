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
	Remediation: "See whether the Velero server runs, whether its storage location is available, and how the newest backup ended " +
		"(`velero backup get -l velero.io/schedule-name=NAME`). Then make one at once: `velero backup create --from-schedule NAME`.",
	Since:    "3",
	Subjects: []kube.Resource{kube.Schedules},
	Reads:    []kube.Resource{kube.Backups},
	Timed:    true,
	Parameters: []audit.Parameter{{
		Name:  "graceMinutes",
		About: "For how many minutes after it is due a backup may take to complete.",
		Value: 120,
	}},
	Check: eachSchedule(func(p *audit.Pass, s *schedule) {
		if !s.active() || s.Metadata.CreationTimestamp.IsZero() {
			p.NotApplicable() // backup-schedule-inactive says it, or a manifest
			return
		}
		runs, err := s.runs()
		if err != nil {
			p.Unknown(err.Error())
			return
		}
		h, known := historyOf(p, s)
		if !known {
			return
		}
		good := h.newest(completed)
		since := s.counts(good)
		first := metav1.NewTime(runs.Next(since.UTC()))
		second := metav1.NewTime(runs.Next(first.Time))
		if first.IsZero() || second.IsZero() {
			p.NotApplicable() // due never again: February 30
			return
		}
		if !p.Cluster.Lasted(second, p.Number("graceMinutes")) {
			if good == nil || since.After(good.began().Time) {
				p.NotApplicable() // young, or what was due was skipped on purpose
			}
			return
		}
		p.Report(overdue(s, h, good, first, second))
	}),
}

// counts returns the time after which a schedule owes backups: that of the newest good
// one, or else of its creation, unless what was due later was skipped on purpose.
func (s *schedule) counts(good *backup) metav1.Time {
	since := s.Metadata.CreationTimestamp
	if good != nil {
		since = good.began()
	}
	if skipped := s.Status.LastSkipped; skipped != nil && since.Before(skipped) {
		return *skipped
	}
	return since
}

// overdue words the finding. Status.lastBackup tells of a start and never of an end
// (https://velero.io/docs/main/api-types/schedule/).
func overdue(s *schedule, h *history, good *backup, first, second metav1.Time) audit.Finding {
	f := audit.Finding{Path: "spec.schedule", Message: "no backup of it that went well is there"}
	if good != nil {
		f.Message = "its last backup that went well is of " + kube.Moment(good.began())
	}
	f.Detail = "By its schedule one was due at " + kube.Moment(first) + " and one at " + kube.Moment(second) + "."
	if len(h.backups) > 0 && h.backups[0] != good {
		f.Detail += " " + h.backups[0].outcome()
	}
	if s.Status.LastBackup == nil {
		return f
	}
	f.Detail += " Velero started one at " + kube.Moment(*s.Status.LastBackup) + ", which does not say how it ended."
	return f
}
