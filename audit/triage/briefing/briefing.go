package briefing

import (
	"slices"
	"sync"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/blast"
	"github.com/seaworthy-dev/seaworthy/audit/triage/cause"
	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/audit/triage/incident"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Briefing is an incident with what is known of it. It never changes and is for any
// number of goroutines.
type Briefing struct {
	*incident.Incident
	// Diagnosis says what changed and why it happened, as likely as not. It is worked
	// out when it is first asked for, which may take some milliseconds.
	Diagnosis func() *cause.Diagnosis
	// Radius says who else is hit, likewise.
	Radius func() *blast.Radius
}

// Report is what is broken at one moment, and what changed.
type Report struct {
	*incident.Report
	Cluster *kube.Cluster
	// Briefings are those of the incidents of the report, in their order.
	Briefings []*Briefing
	// Live is since when changes are seen as they happen: what was before is told by
	// what objects remember.
	Live time.Time

	changes func() []change.Change
}

// Changes returns what is known to have changed within [Window] before the report,
// the newest first. It is worked out when it is first asked for.
func (r *Report) Changes() []change.Change { return r.changes() }

// Window is how far back changes are looked for.
const Window = 2 * time.Hour

// Find returns the briefing of an ID, also of one that turned out to be another's;
// nil if there is none.
func (r *Report) Find(id string) *Briefing {
	for _, b := range r.Briefings {
		if b.Is(id) {
			return b
		}
	}
	return nil
}

// Worst returns the severity of the worst incident that is open, none if there is
// none.
func (r *Report) Worst() triage.Severity {
	worst := triage.Severity(0)
	for _, b := range r.Briefings {
		if b.State == incident.Open {
			worst = triage.Worse(worst, b.Severity)
		}
	}
	return worst
}

// newBriefing returns the briefing of an incident of a report.
func newBriefing(r *Report, i *incident.Incident) *Briefing {
	b := &Briefing{Incident: i}
	b.Diagnosis = sync.OnceValue(func() *cause.Diagnosis { return cause.Diagnose(caseOf(r, i)) })
	b.Radius = sync.OnceValue(func() *blast.Radius {
		firing := map[kube.Ref]bool{}
		for k := range i.Signals {
			if s := &i.Signals[k]; s.State == triage.Firing {
				firing[s.Object] = true
			}
		}
		return blast.Of(r.Cluster, hit(r.Cluster, i), func(ref kube.Ref) bool { return firing[ref] })
	})
	return b
}

// caseOf returns what a diagnosis is made from.
func caseOf(r *Report, i *incident.Incident) *cause.Case {
	c := &cause.Case{
		Cluster: r.Cluster, Root: i.Root, Since: i.Since, Blind: r.Blind, Changes: r.Changes(),
	}
	if r.Cluster.Info.Server != "" {
		c.Context = r.Cluster.Info.Name // of a file or a recording nobody can ask more
	}
	for k := range i.Signals {
		c.Signals = append(c.Signals, i.Signals[k].Watched)
	}
	for _, other := range r.Incidents {
		if other == i || other.State == incident.Resolved {
			continue
		}
		for k := range other.Signals {
			c.Others = append(c.Others, other.Signals[k].Watched)
		}
	}
	return c
}

// hit returns the objects of an incident, those of its signals among them: what a
// pod is part of need not be hit as a whole.
func hit(c *kube.Cluster, i *incident.Incident) []kube.Ref {
	var all []kube.Ref
	add := func(ref kube.Ref) {
		if c.Has(ref) && !slices.Contains(all, ref) {
			all = append(all, ref)
		}
	}
	if i.Root.Kind == triage.ByZone {
		all = blast.NodesWith(c, "topology.kubernetes.io/zone", i.Root.Name)
	}
	for k := range i.Signals {
		if s := &i.Signals[k]; s.State != triage.Resolved && !s.Symptom() {
			add(s.Object)
		}
	}
	return all
}
