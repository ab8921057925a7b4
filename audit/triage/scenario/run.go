package scenario

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/briefing"
	"github.com/seaworthy-dev/seaworthy/audit/triage/incident"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Run is triage over the views of a scenario.
type Run struct {
	responder *briefing.Responder
	report    *briefing.Report
	fired     map[triage.Identity]incident.Signal
}

// NewRun returns a Run that has seen nothing yet.
func NewRun() *Run {
	return &Run{responder: briefing.NewResponder(signals.All()), fired: map[triage.Identity]incident.Signal{}}
}

// See takes the next view.
func (r *Run) See(c *kube.Cluster) { r.see(c, c.Time) }

func (r *Run) see(c *kube.Cluster, now time.Time) {
	r.report = r.responder.Update(c, now)
	for _, s := range r.Firing() {
		r.fired[s.Identity()] = s
	}
}

// Pass lets time pass over the last view, minute by minute: nothing changes but the
// leases of those who are alive. There must have been a view.
func (r *Run) Pass(d time.Duration) error {
	end := r.report.Time.Add(d)
	for now := r.report.Time; now.Before(end); now = r.report.Time {
		next := now.Add(min(end.Sub(now), time.Minute))
		c, err := renewed(r.report.Cluster, now, next)
		if err != nil {
			return fmt.Errorf("letting time pass: %w", err)
		}
		r.see(c, next)
	}
	return nil
}

// renewed returns a view in which the leases are renewed whose holders were alive at
// a time. A kubelet renews its lease every ten seconds, for forty, and the view learns
// of it later. What the lease itself says does not count: who falls silent in a
// scenario has one that lasts (kube/testbed/scenario.go).
func renewed(c *kube.Cluster, alive, now time.Time) (*kube.Cluster, error) {
	const lasts = 40 * time.Second
	var changes []kube.Change
	for lease := range c.Leases.All() {
		if alive.Sub(lease.Renewed) > lasts {
			continue
		}
		again := *lease
		again.Written = again.Written.Add(now.Sub(again.Renewed))
		again.Renewed = now
		changes = append(changes, kube.Change{Resource: kube.Leases, Namespace: again.Namespace, Name: again.Name, After: &again})
	}
	return c.With(changes...)
}

// Report returns what is broken, by the last view.
func (r *Run) Report() *briefing.Report { return r.report }

// Open returns the incidents that are open, the worst first.
func (r *Run) Open() []*briefing.Briefing {
	return slices.DeleteFunc(slices.Clone(r.report.Briefings), func(b *briefing.Briefing) bool { return b.State != incident.Open })
}

// Firing returns the signals that fire now, those of no consequence as well.
func (r *Run) Firing() []incident.Signal {
	var all []incident.Signal
	groups := r.report.Incidents
	if r.report.Notes != nil {
		groups = append(slices.Clone(groups), r.report.Notes)
	}
	for _, i := range groups {
		for _, s := range i.Signals {
			if s.State == triage.Firing {
				all = append(all, s)
			}
		}
	}
	return all
}

// Fired returns all that fired at some time, by what they are about.
func (r *Run) Fired() []incident.Signal {
	return slices.SortedFunc(maps.Values(r.fired), func(a, b incident.Signal) int {
		return strings.Compare(describe(a), describe(b))
	})
}
