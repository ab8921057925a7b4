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
	Remediation: "Resume what is paused without need (`velero schedule unpause NAME`), or delete it. What failed validation names its errors: " +
		"usually the cron expression cannot be read.",
	Since:    "3",
	Subjects: []kube.Resource{kube.Schedules},
	Check: eachSchedule(func(p *audit.Pass, s *schedule) {
		switch s.Status.Phase {
		case failedValidation:
			p.Report(audit.Finding{
				Severity: audit.High, Path: "spec.schedule",
				Message: "Velero refuses it",
				Detail:  "Nothing is backed up by it." + says(s.Status.ValidationErrors...),
			})
		case "", "New":
			p.NotApplicable() // not looked at yet, or a manifest; a pause is one all the same
		}
		if s.Spec.Paused {
			p.Report(audit.Finding{
				Path:    "spec.paused",
				Message: "it is paused",
				Detail:  "Nothing is backed up by it until somebody resumes it. That may be on purpose: nothing says for how long.",
			})
		}
	}),
}
