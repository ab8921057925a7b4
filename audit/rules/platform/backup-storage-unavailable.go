package platform

import (
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var backupStorageUnavailable = &audit.Rule{
	ID:       "backup-storage-unavailable",
	Title:    "A backup storage location cannot take backups",
	Severity: audit.High,
	Rationale: "Backups that go there fail one after the other, and those that are there cannot be restored while it lasts. " +
		"Usually credentials have expired, or a bucket or a policy of it was changed.",
	Remediation: "`velero backup-location get`, or the status of Longhorn's BackupTarget, says what fails. Renew the credentials, or repair the bucket, its prefix and its policy. " +
		"If it was not validated for long, see whether the Velero server runs. Set spec.accessMode back to ReadWrite once the restore is done that it was meant for.",
	Since:    "3",
	Subjects: []kube.Resource{kube.BackupStorageLocations, kube.BackupTargets},
	Consults: []kube.Resource{kube.Schedules, kube.RecurringJobs},
	Timed:    true,
	Parameters: []audit.Parameter{{
		Name:  "graceMinutes",
		About: "For how many minutes longer than two of its periods a location may go without being validated.",
		Value: 60,
	}},
	Check: audit.EachOf([]kube.Resource{kube.BackupStorageLocations, kube.BackupTargets}, func(p *audit.Pass, o kube.Object) {
		if p.Subject().Ref.Group == kube.BackupTargets.Group {
			judgeAs(p, o, judgeTarget)
			return
		}
		judgeAs(p, o, judgeLocation)
	}),
}

func judgeLocation(p *audit.Pass, l *location) {
	if l.Spec.AccessMode == "ReadOnly" {
		judgeReadOnly(p, l)
	}
	switch l.Status.Phase {
	case available:
		judgeValidation(p, l, l.Status.LastValidationTime)
	case "":
		judgeUnseen(p, l)
	default:
		f := audit.Finding{Message: "Velero says that it is " + strings.ToLower(l.Status.Phase)}
		if l.Status.LastValidationTime != nil {
			f.Detail = "It was looked at last at " + kube.Moment(*l.Status.LastValidationTime) + "."
		}
		f.Detail = strings.TrimSpace(f.Detail + says(l.Status.Message))
		p.Report(f)
	}
}

// location is what matters of a BackupStorageLocation
// (https://velero.io/docs/main/api-types/backupstoragelocation/).
type location struct {
	Metadata metav1.ObjectMeta `json:"metadata"`
	Spec     struct {
		AccessMode          string           `json:"accessMode"` // ReadWrite where it is not set
		Default             bool             `json:"default"`
		ValidationFrequency *metav1.Duration `json:"validationFrequency"` // 0: never
	} `json:"spec"`
	Status struct {
		Phase              string       `json:"phase"`
		Message            string       `json:"message"`
		LastValidationTime *metav1.Time `json:"lastValidationTime"`
	} `json:"status"`
}

// unset is how often a location is taken to be validated that does not say it, in
// minutes: the server's --store-validation-frequency cannot be seen. It is a minute if
// nobody set it.
const unset = 12 * 60

// period returns the minutes between two validations of the location, false if
// there are none. Velero takes a negative one for none that is set
// (internal/storage/storagelocation.go).
func (l *location) period() (minutes int, validated bool) {
	own := l.Spec.ValidationFrequency
	if own == nil || own.Duration < 0 {
		return unset, true
	}
	return int(own.Minutes()), own.Duration > 0
}

// judgeValidation reports a location that is available by a status that nobody keeps any
// more: who does not look does not see that it is gone.
func judgeValidation(p *audit.Pass, l *location, last *metav1.Time) {
	period, validated := l.period()
	if !validated || last == nil {
		p.Unknown("the location is not validated (spec.validationFrequency), so that its phase says nothing")
		return
	}
	if !p.Cluster.Lasted(*last, 2*period+p.Number("graceMinutes")) {
		return
	}
	p.Report(audit.Finding{
		Severity: audit.Medium, Path: "spec.validationFrequency",
		Message: "it was not validated since " + kube.Moment(*last),
		Detail:  "That it is available was true then. The Velero server validates it again and again, or does not run.",
	})
}

// judgeUnseen judges a location without a status: Velero validates it the moment that
// it is there.
func judgeUnseen(p *audit.Pass, l *location) {
	made := l.Metadata.CreationTimestamp
	if _, validated := l.period(); made.IsZero() || !validated || !p.Cluster.Lasted(made, p.Number("graceMinutes")) {
		p.NotApplicable() // not looked at yet, or a manifest
		return
	}
	p.Report(audit.Finding{
		Severity: audit.Medium, Path: "status",
		Message: "it was never validated",
		Detail:  "It is there since " + kube.Moment(made) + ", and Velero has not said whether it is available: its server does not run, or looks at another namespace.",
	})
}

// judgeReadOnly reports a location that backups are meant to go to. Read-only is what
// locations are made for the time of a restore
// (https://velero.io/docs/main/disaster-case/).
func judgeReadOnly(p *audit.Pass, l *location) {
	f := audit.Finding{Path: "spec.accessMode"}
	for _, o := range p.Cluster.Custom(kube.Schedules).In(l.Metadata.Namespace) {
		s, err := kube.Decode[schedule](o)
		if err != nil || !s.active() {
			continue
		}
		named := s.Spec.Template.StorageLocation
		if named != l.Metadata.Name && (named != "" || !l.Spec.Default) {
			continue
		}
		f.Message = "it is read-only, and schedule " + s.Metadata.Name + " writes to it"
		f.Detail = "Velero refuses each backup that goes there."
		p.Report(f)
		return
	}
	if l.Spec.Default {
		f.Severity, f.Message = audit.Medium, "it is read-only and the default"
		f.Detail = "Velero refuses backups that name no other location."
		p.Report(f)
		return
	}
	if s, blind := p.Cluster.Blind(kube.Schedules, l.Metadata.Namespace); blind {
		p.Unknown("a schedule may write to it: " + cannotRead(s))
	}
}
