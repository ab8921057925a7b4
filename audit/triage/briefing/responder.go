package briefing

import (
	"sync"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/audit/triage/incident"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// stale is for how long the briefing of an incident that stays the same is kept: what
// else changes in the cluster may speak for or against a cause.
const stale = 10 * time.Second

// Responder follows the views of one cluster. It is for one goroutine; its reports are
// for any number of them.
type Responder struct {
	tracker *incident.Tracker
	journal change.Journal
	before  *kube.Cluster
	kept    map[string]kept // by ID
}

// kept is a briefing of an earlier report.
type kept struct {
	briefing *Briefing
	like     likeness
	made     time.Time
}

// NewResponder returns a Responder by some detectors, which should be valid.
func NewResponder(detectors []*triage.Detector) *Responder {
	return &Responder{tracker: incident.NewTracker(detectors), kept: map[string]kept{}}
}

// Update takes a view at a time of the API server's clock, which must not go back and
// may be later than that of the view where nothing changed since, and returns what is
// broken.
func (r *Responder) Update(c *kube.Cluster, now time.Time) *Report {
	if c != r.before {
		r.journal.Observe(r.before, c)
		r.before = c
	}
	report := &Report{Report: r.tracker.Update(c, now), Cluster: c, Live: r.journal.Began()}
	report.changes = sync.OnceValue(func() []change.Change { return r.journal.Since(c, now.Add(-Window)) })
	held := make(map[string]kept, len(report.Incidents))
	for _, i := range report.Incidents {
		k, known := r.kept[i.ID]
		if like := likenessOf(i); !known || k.like != like || now.Sub(k.made) >= stale {
			k = kept{newBriefing(report, i), like, now}
		} else {
			k.briefing = &Briefing{Incident: i, Diagnosis: k.briefing.Diagnosis, Radius: k.briefing.Radius}
		}
		held[i.ID] = k
		report.Briefings = append(report.Briefings, k.briefing)
	}
	r.kept = held
	return report
}

// Next returns the next moment at which time alone changes what is broken, zero if
// none does.
func (r *Responder) Next() time.Time { return r.tracker.Next() }

// likeness tells whether an incident is as it was, as far as its cause depends on it.
type likeness struct {
	root     triage.Key
	state    incident.State
	severity triage.Severity
	signals  int
	content  uint64
}

func likenessOf(i *incident.Incident) likeness {
	l := likeness{root: i.Root, state: i.State, severity: i.Severity, signals: len(i.Signals)}
	for k := range i.Signals {
		s := &i.Signals[k]
		// Their order is no part of it, so that the parts are added up.
		l.content += digest(s.Detector.ID, s.Object.String(), s.Container, s.Cause, s.Message, s.State.String())
	}
	return l
}
