package platform

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var backupFailed = &audit.Rule{
	ID:       "backup-failed",
	Title:    "The newest backup of a schedule went wrong",
	Severity: audit.High,
	Rationale: "What changed since the last good backup is lost with the cluster. A backup that failed in part is worse to find out about: " +
		"it restores, and something is missing.",
	Remediation: "`velero backup describe NAME --details` and `velero backup logs NAME`, or the status of the Backup or the ReplicationSource, say what could not be saved. " +
		"Common causes: the storage location is not available or read-only, a volume has no driver that takes snapshots, a hook fails, " +
		"the node agent does not run where the pod does.",
	Since:    "3",
	Subjects: failing(),
	Reads:    []kube.Resource{kube.Backups},
	Consults: []kube.Resource{kube.PostgreSQLBackups, kube.LonghornBackups},
	Check: audit.EachOf(failing(), func(p *audit.Pass, o kube.Object) {
		switch p.Subject().Ref.Group {
		case kube.Schedules.Group:
			judgeAs(p, o, judgeNewest)
		case kube.ScheduledBackups.Group:
			judgeAs(p, o, judgeNewestOfDatabase)
		case kube.LonghornVolumes.Group:
			judgeAs(p, o, judgeNewestOfVolume)
		default:
			judgeAs(p, o, judgeMover)
		}
	}),
}

// failing returns the kinds of what is backed up again and again, and may fail.
func failing() []kube.Resource {
	return []kube.Resource{kube.Schedules, kube.ScheduledBackups, kube.ReplicationSources, kube.LonghornVolumes}
}

func judgeNewest(p *audit.Pass, s *schedule) {
	h, known := historyOf(p, s)
	if !known {
		return
	}
	last := h.newest(completed, partiallyFailed, failed, failedValidation)
	if last == nil {
		p.NotApplicable() // none has come to an end, or manifests
		return
	}
	f := audit.Finding{Detail: last.outcome()}
	switch last.Status.Phase {
	case completed:
		return
	case partiallyFailed:
		f.Severity, f.Message = audit.Medium, "its newest backup failed in part"
	case failed:
		f.Message = "its newest backup failed"
	case failedValidation:
		f.Message = "its newest backup was refused"
	}
	p.Report(f)
}

func judgeNewestOfDatabase(p *audit.Pass, s *scheduledBackup) {
	made, known := s.backups(p)
	if !known {
		return
	}
	last := slices.IndexFunc(made, (*postgresBackup).ended)
	switch {
	case last < 0:
		p.NotApplicable()
	case made[last].failed():
		p.Report(audit.Finding{Message: "its newest backup failed", Detail: made[last].outcome()})
	}
}

func judgeMover(p *audit.Pass, s *replicationSource) {
	switch s.Status.LatestMoverStatus.Result {
	case "":
		p.NotApplicable() // none has come to an end, or a manifest
	case moverFailed:
		f := audit.Finding{Message: "its newest copy failed", Detail: "No copy of it that went well is known."}
		if last := s.Status.LastSyncTime; last != nil {
			f.Detail = "The last that went well is of " + kube.Moment(*last) + "."
		}
		f.Detail += " What the mover said is in status.latestMoverStatus.logs."
		p.Report(f)
	}
}

// outcome tells how a backup ended.
func (b *backup) outcome() string {
	text := fmt.Sprintf("Backup %s of %s is %s, with %d errors and %d warnings.",
		b.Metadata.Name, kube.Moment(b.began()), cmp.Or(b.Status.Phase, "New"), b.Status.Errors, b.Status.Warnings)
	return text + says(append([]string{b.Status.FailureReason}, b.Status.ValidationErrors...)...)
}
