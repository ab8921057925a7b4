package platform

import (
	"fmt"
	"slices"

	"github.com/robfig/cron/v3"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// scheduledBackup is what matters of a ScheduledBackup of CloudNativePG
// (https://cloudnative-pg.io/documentation/current/cloudnative-pg.v1/).
type scheduledBackup struct {
	Metadata metav1.ObjectMeta `json:"metadata"`
	Spec     struct {
		Schedule string `json:"schedule"`
		Suspend  bool   `json:"suspend"`
		Cluster  struct {
			Name string `json:"name"`
		} `json:"cluster"`
	} `json:"spec"`
	Status struct {
		LastScheduleTime *metav1.Time `json:"lastScheduleTime"` // a Backup was made then, however it ended
		LastCheckTime    *metav1.Time `json:"lastCheckTime"`
	} `json:"status"`
}

// plan reads when a database is backed up: six fields, of which the first are seconds
// (https://cloudnative-pg.io/documentation/current/backup/#scheduled-backups).
func (s *scheduledBackup) plan(p *audit.Pass) (*plan, bool) {
	if s.Spec.Suspend || s.Metadata.CreationTimestamp.IsZero() {
		p.NotApplicable() // backup-schedule-inactive says it, or a manifest
		return nil, false
	}
	seconds := cron.NewParser(cron.Second | cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.DowOptional | cron.Descriptor)
	runs, err := timed(seconds, "spec.schedule", s.Spec.Schedule)
	if err != nil {
		p.Unknown(err.Error())
		return nil, false
	}
	made, known := s.backups(p)
	if !known {
		return nil, false
	}
	l := &plan{path: "spec.schedule", runs: runs, created: s.Metadata.CreationTimestamp}
	good := slices.IndexFunc(made, func(b *postgresBackup) bool { return b.Status.Phase == "completed" })
	if good >= 0 {
		l.good = new(made[good].began())
	}
	if len(made) > 0 && good != 0 {
		l.news = " " + made[0].outcome()
	}
	return l, true
}

// postgresBackup is what matters of a Backup of CloudNativePG.
type postgresBackup struct {
	Metadata metav1.ObjectMeta `json:"metadata"`
	Status   struct {
		Phase     string       `json:"phase"`
		StartedAt *metav1.Time `json:"startedAt"`
		Error     string       `json:"error"`
	} `json:"status"`
}

// ended reports whether a backup goes on no more. One that waits for the archive of the
// database's log may come to a good end.
func (b *postgresBackup) ended() bool {
	return b.Status.Phase == "completed" || b.failed()
}

func (b *postgresBackup) failed() bool {
	return slices.Contains([]string{"failed", "walArchivingFailing"}, b.Status.Phase)
}

func (b *postgresBackup) began() metav1.Time {
	if b.Status.StartedAt != nil {
		return *b.Status.StartedAt
	}
	return b.Metadata.CreationTimestamp
}

// outcome tells how a backup ended.
func (b *postgresBackup) outcome() string {
	text := fmt.Sprintf("Backup %s of %s is %s.", b.Metadata.Name, kube.Moment(b.began()), b.Status.Phase)
	if b.Status.Error != "" {
		text += " CloudNativePG says: " + b.Status.Error
	}
	return text
}

// backups returns those that were made by the schedule, the newest first. It is false if
// one cannot be read, which leaves the rule without a verdict. CloudNativePG labels what it
// makes (cnpg.io/scheduled-backup).
func (s *scheduledBackup) backups(p *audit.Pass) ([]*postgresBackup, bool) {
	if !readable(p, kube.PostgreSQLBackups) {
		return nil, false
	}
	var made []*postgresBackup
	for _, o := range p.Cluster.Custom(kube.PostgreSQLBackups).In(s.Metadata.Namespace) {
		if o.GetLabels()["cnpg.io/scheduled-backup"] != s.Metadata.Name {
			continue
		}
		b, err := kube.Decode[postgresBackup](o)
		if err != nil {
			p.Unknown(err.Error())
			return nil, false
		}
		made = append(made, &b)
	}
	slices.SortStableFunc(made, func(a, b *postgresBackup) int { return b.began().Compare(a.began().Time) })
	return made, true
}
