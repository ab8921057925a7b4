package platform

import (
	"fmt"

	"github.com/robfig/cron/v3"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// plan is what makes backups again and again, whatever tool it is of.
type plan struct {
	path    string        // of the schedule in the object
	runs    cron.Schedule // when backups are due
	created metav1.Time
	// good is the time of the last backup that went well, nil if none is known.
	good    *metav1.Time
	skipped *metav1.Time // until when backups were left out on purpose, nil for never
	news    string       // what else is known of its backups, a sentence after a space; or ""
	// partial says that a good backup may have left volumes out, so that it is no pass.
	partial bool
}

// plans returns the kinds of what backs up by a schedule.
func plans() []kube.Resource {
	return []kube.Resource{kube.Schedules, kube.ScheduledBackups, kube.ReplicationSources, kube.RecurringJobs}
}

// planOf reads a plan. It is false if there is nothing to judge, of which the pass has
// been told: it makes no backups at set times, or it cannot be read.
func planOf(p *audit.Pass, o kube.Object) (*plan, bool) {
	switch p.Subject().Ref.Group {
	case kube.Schedules.Group:
		return planAs(p, o, (*schedule).plan)
	case kube.ScheduledBackups.Group:
		return planAs(p, o, (*scheduledBackup).plan)
	case kube.ReplicationSources.Group:
		return planAs(p, o, (*replicationSource).plan)
	}
	return planAs(p, o, (*recurringJob).plan)
}

// planAs reads the plan of a tool's own kind.
func planAs[T any](p *audit.Pass, o kube.Object, of func(*T, *audit.Pass) (*plan, bool)) (*plan, bool) {
	var l *plan
	known := false
	judgeAs(p, o, func(p *audit.Pass, t *T) { l, known = of(t, p) })
	return l, known
}

// counts returns the time after which a plan owes backups: that of the last good one, or
// else of its creation, unless what was due later was skipped on purpose.
func (l *plan) counts() metav1.Time {
	since := l.created
	if l.good != nil {
		since = *l.good
	}
	if l.skipped != nil && since.Before(l.skipped) {
		return *l.skipped
	}
	return since
}

// timed reads when backups are due. The times are in UTC, as controllers run in their
// images, unless the schedule names a time zone; its path is for the error.
func timed(parser cron.ScheduleParser, path, text string) (cron.Schedule, error) {
	zoned, err := withZone(text)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	runs, err := parser.Parse(zoned)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	return runs, nil
}

// standard is the parser of cron.ParseStandard: five fields, or @daily and its like.
func standard() cron.ScheduleParser {
	return cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.Descriptor)
}

// readable reports whether the objects of a resource beside the subject can be read, and
// leaves the rule without a verdict where they cannot.
func readable(p *audit.Pass, r kube.Resource) bool {
	s, blind := p.Cluster.Blind(r, p.Subject().Namespace)
	if blind {
		p.Unknown(cannotRead(s))
	}
	return !blind
}
