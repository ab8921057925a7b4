package platform

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// schedule is what matters of a Schedule
// (https://velero.io/docs/main/api-types/schedule/).
type schedule struct {
	Metadata metav1.ObjectMeta `json:"metadata"`
	Spec     struct {
		Schedule string   `json:"schedule"`
		Paused   bool     `json:"paused"`
		Template template `json:"template"`
	} `json:"spec"`
	Status struct {
		Phase            string       `json:"phase"` // New, Enabled or FailedValidation; "" before Velero has seen it
		LastBackup       *metav1.Time `json:"lastBackup"`
		LastSkipped      *metav1.Time `json:"lastSkipped"` // what was due then was left out on purpose (spec.skipImmediately)
		ValidationErrors []string     `json:"validationErrors"`
	} `json:"status"`
}

// active reports whether Velero makes backups by the schedule.
func (s *schedule) active() bool { return !s.Spec.Paused && s.Status.Phase != failedValidation }

// The phases of backups, restores, schedules and storage locations that rules ask for.
const (
	completed        = "Completed"
	partiallyFailed  = "PartiallyFailed"
	failed           = "Failed"
	failedValidation = "FailedValidation"
	available        = "Available"
)

// eachSchedule returns a Check that judges every Schedule; one that has fields of
// another form than Velero's is unknown.
func eachSchedule(judge func(*audit.Pass, *schedule)) audit.Check {
	return audit.EachCustom(kube.Schedules, func(p *audit.Pass, o *unstructured.Unstructured) {
		s, err := kube.Decode[schedule](o)
		if err != nil {
			p.Unknown(err.Error())
			return
		}
		judge(p, &s)
	})
}

// plan reads when backups are due, as Velero does (cron.ParseStandard), and how far it got.
// Status.lastBackup tells of a start and never of an end
// (https://velero.io/docs/main/api-types/schedule/).
func (s *schedule) plan(p *audit.Pass) (*plan, bool) {
	if !s.active() || s.Metadata.CreationTimestamp.IsZero() {
		p.NotApplicable() // backup-schedule-inactive says it, or a manifest
		return nil, false
	}
	runs, err := timed(standard(), "spec.schedule", s.Spec.Schedule)
	if err != nil {
		p.Unknown(err.Error())
		return nil, false
	}
	h, known := historyOf(p, s)
	if !known {
		return nil, false
	}
	l := &plan{path: "spec.schedule", runs: runs, created: s.Metadata.CreationTimestamp, skipped: s.Status.LastSkipped}
	good := h.newest(completed)
	if good != nil {
		l.good = new(good.began())
	}
	if len(h.backups) > 0 && h.backups[0] != good {
		l.news = " " + h.backups[0].outcome()
	}
	if last := s.Status.LastBackup; last != nil {
		l.news += " Velero started one at " + kube.Moment(*last) + ", which does not say how it ended."
	}
	return l, true
}

// withZone gives a schedule the time zone in which controllers run, unless it has one.
func withZone(text string) (string, error) {
	switch zoned := strings.HasPrefix(text, "TZ=") || strings.HasPrefix(text, "CRON_TZ="); {
	case !zoned:
		return "TZ=UTC " + text, nil
	case !strings.Contains(text, " "):
		return "", fmt.Errorf("%q has a time zone and nothing else", text) // the parser panics
	}
	return text, nil
}

// backup is what matters of a Backup (https://velero.io/docs/main/api-types/backup/).
type backup struct {
	Metadata metav1.ObjectMeta `json:"metadata"`
	Spec     struct {
		// DefaultVolumesToFsBackup is what the server does where the schedule does not
		// say: Velero fills it in when it starts (pkg/controller/backup_controller.go).
		DefaultVolumesToFsBackup *bool `json:"defaultVolumesToFsBackup"`
	} `json:"spec"`
	Status struct {
		Phase            string       `json:"phase"`
		StartTimestamp   *metav1.Time `json:"startTimestamp"`
		Errors           int          `json:"errors"`
		Warnings         int          `json:"warnings"`
		FailureReason    string       `json:"failureReason"`
		ValidationErrors []string     `json:"validationErrors"`
	} `json:"status"`
}

// began returns when a backup was started, or was to be: one that is refused has no
// status.startTimestamp, and one that was synchronized here was created later.
func (b *backup) began() metav1.Time {
	if b.Status.StartTimestamp != nil {
		return *b.Status.StartTimestamp
	}
	return b.Metadata.CreationTimestamp
}

// history is the backups of a schedule, the newest first.
type history struct {
	backups []*backup
	unread  error // of a backup that cannot be read, nil if all can
}

// newest returns the newest backup in one of some phases, nil if there is none.
func (h *history) newest(phases ...string) *backup {
	for _, b := range h.backups {
		if slices.Contains(phases, b.Status.Phase) {
			return b
		}
	}
	return nil
}

// histories has the history of each schedule of a namespace that has backups, by name.
var histories = kube.DeriveFor(func(c *kube.Cluster, namespace string) map[string]*history {
	of := map[string]*history{}
	for _, o := range c.Custom(kube.Backups).In(namespace) {
		name := scheduleOf(o)
		h := of[name]
		if h == nil {
			h = &history{}
			of[name] = h
		}
		b, err := kube.Decode[backup](o)
		if err != nil {
			h.unread = err
			continue
		}
		h.backups = append(h.backups, &b)
	}
	for _, h := range of {
		slices.SortFunc(h.backups, func(a, b *backup) int {
			return cmp.Or(b.began().Compare(a.began().Time), strings.Compare(b.Metadata.Name, a.Metadata.Name))
		})
	}
	return of
}).From(kube.Backups)

// historyOf returns the backups of a schedule, false if a backup cannot be read, which
// leaves the rule without a verdict.
func historyOf(p *audit.Pass, s *schedule) (*history, bool) {
	h := histories.Of(p.Cluster, s.Metadata.Namespace)[s.Metadata.Name]
	if h == nil {
		return &history{}, true
	}
	if h.unread != nil {
		p.Unknown(h.unread.Error())
		return nil, false
	}
	return h, true
}

// stamp ends the name of a backup that a schedule has made: NAME-YYYYMMDDhhmmss
// (https://velero.io/docs/main/how-velero-works/, Scheduled backups).
var stamp = regexp.MustCompile(`-\d{14}$`)

// scheduleOf returns the name of the Schedule that a Backup was made by, "" if it was
// made by none. Velero labels a Backup with the name as it is: where the name is too long
// for a label, the server refuses the Backup. Where somebody has taken the label
// away, the owner says it (spec.useOwnerReferencesInBackup), else the form of the name.
func scheduleOf(o *unstructured.Unstructured) string {
	if name := o.GetLabels()["velero.io/schedule-name"]; name != "" {
		return name
	}
	if owner := metav1.GetControllerOfNoCopy(o); owner != nil && owner.Kind == kube.Schedules.Kind {
		return owner.Name
	}
	return beforeStamp(o.GetName())
}

// beforeStamp returns the name of the Schedule that the name of a Backup has in it, ""
// for none.
func beforeStamp(name string) string {
	if at := stamp.FindStringIndex(name); at != nil {
		return name[:at[0]]
	}
	return ""
}

// says is what Velero gives as the reason, "" if it gives none.
func says(reasons ...string) string {
	reasons = slices.DeleteFunc(reasons, func(r string) bool { return r == "" })
	if len(reasons) == 0 {
		return ""
	}
	return " Velero says: " + strings.Join(reasons, "; ")
}
