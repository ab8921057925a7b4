package platform

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var backupScheduleInactive = &audit.Rule{
	ID:       "backup-schedule-inactive",
	Title:    "A backup schedule makes no backups",
	Severity: audit.Medium,
	Rationale: "A pause that was meant for an afternoon lasts until somebody remembers it, and a schedule that Velero refuses " +
		"looks like any other in Git. The backups there are expire, and nobody learns it before the day they are needed.",
	Remediation: "Resume what is paused without need (`velero schedule unpause NAME`, spec.suspend of a ScheduledBackup, spec.paused of a ReplicationSource), or delete it. " +
		"What failed validation names its errors: usually the cron expression cannot be read.",
	Since:    "3",
	Subjects: []kube.Resource{kube.Schedules, kube.ScheduledBackups, kube.ReplicationSources},
	Check: audit.EachOf([]kube.Resource{kube.Schedules, kube.ScheduledBackups, kube.ReplicationSources}, func(p *audit.Pass, o kube.Object) {
		switch p.Subject().Ref.Group {
		case kube.Schedules.Group:
			judgeAs(p, o, judgeActive)
		case kube.ScheduledBackups.Group:
			judgeAs(p, o, func(p *audit.Pass, s *scheduledBackup) {
				judgePause(p, "spec.suspend", s.Spec.Suspend, s.Status.LastCheckTime != nil || s.Status.LastScheduleTime != nil)
			})
		default:
			judgeAs(p, o, func(p *audit.Pass, s *replicationSource) {
				judgePause(p, "spec.paused", s.Spec.Paused, len(s.Status.Conditions) > 0)
			})
		}
	}),
}

func judgeActive(p *audit.Pass, s *schedule) {
	if s.Status.Phase == failedValidation {
		p.Report(audit.Finding{
			Severity: audit.High, Path: "spec.schedule",
			Message: "Velero refuses it",
			Detail:  "Nothing is backed up by it." + says(s.Status.ValidationErrors...),
		})
	}
	judgePause(p, "spec.paused", s.Spec.Paused, s.Status.Phase != "" && s.Status.Phase != "New")
}

// judgePause reports a schedule that a field pauses. One that its tool has not looked at
// yet, or a manifest, is not applicable unless it is paused all the same.
func judgePause(p *audit.Pass, path string, paused, seen bool) {
	switch {
	case paused:
		p.Report(audit.Finding{
			Path:    path,
			Message: "it is paused",
			Detail:  "Nothing is backed up by it until somebody resumes it. That may be on purpose: nothing says for how long.",
		})
	case !seen:
		p.NotApplicable()
	}
}
