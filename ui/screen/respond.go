package screen

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/briefing"
	"github.com/seaworthy-dev/seaworthy/audit/triage/incident"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Responding is a screen that tells of what is broken now.
type Responding interface {
	Screen
	// Respond gives it the newest report, nil while too little was read to tell. It is
	// called before Show, and may be of another view than the assessment.
	Respond(r *briefing.Report)
}

// Acknowledgement says that somebody has seen to an incident.
type Acknowledgement struct {
	ID       string          // of the incident
	Severity triage.Severity // that it had then: if it gets worse, it is to be seen to again
	Time     time.Time       // by the API server's clock: what begins later is another incident
}

// AcknowledgementStore keeps acknowledgements of a cluster, on the disk of who started
// the program: nothing of it reaches the cluster. It is called in the background.
type AcknowledgementStore interface {
	// Load returns those that are kept for a cluster, nil if there are none.
	Load(ctx context.Context, of kube.Info) ([]Acknowledgement, error)
	// Save keeps these in the place of those that were kept.
	Save(ctx context.Context, of kube.Info, all []Acknowledgement) error
}

// acknowledgedFor is for how long acknowledgements are kept.
const acknowledgedFor = 7 * 24 * time.Hour

// Acknowledged are the incidents that somebody has seen to, on all screens. They live
// where the screens do.
type Acknowledged struct {
	all map[string]Acknowledgement
}

// NewAcknowledged returns none.
func NewAcknowledged() *Acknowledged { return &Acknowledged{map[string]Acknowledgement{}} }

// Has reports whether somebody has seen to an incident as bad as it is now.
func (a *Acknowledged) Has(i *incident.Incident) bool {
	holds := func(id string) bool {
		seen, ok := a.all[id]
		return ok && i.Severity >= seen.Severity && !i.Since.After(seen.Time)
	}
	return holds(i.ID) || slices.ContainsFunc(i.Aliases, holds)
}

// Toggle acknowledges an incident, or takes that back, and reports whether it is now.
func (a *Acknowledged) Toggle(i *incident.Incident, now time.Time) bool {
	had := a.Has(i)
	for _, id := range append([]string{i.ID}, i.Aliases...) {
		delete(a.all, id)
	}
	if !had {
		a.all[i.ID] = Acknowledgement{i.ID, i.Severity, now}
	}
	maps.DeleteFunc(a.all, func(_ string, old Acknowledgement) bool { return now.Sub(old.Time) > acknowledgedFor })
	return !had
}

// Take takes in those that were kept. What was acknowledged since counts more.
func (a *Acknowledged) Take(kept []Acknowledgement) {
	for _, k := range kept {
		if _, known := a.all[k.ID]; !known {
			a.all[k.ID] = k
		}
	}
}

// List returns all of them, the oldest first.
func (a *Acknowledged) List() []Acknowledgement {
	return slices.SortedFunc(maps.Values(a.all), func(a, b Acknowledgement) int {
		return cmp.Or(a.Time.Compare(b.Time), strings.Compare(a.ID, b.ID))
	})
}

// AcknowledgeMsg asks for an incident to be acknowledged, or for that to be taken back,
// and for it to be kept by who started the program.
type AcknowledgeMsg struct {
	Incident *incident.Incident
	Time     time.Time // by the API server's clock
}

// IncidentAddress returns the address of an incident: "incident/1f3a".
func IncidentAddress(id string) string { return "incident/" + id }
