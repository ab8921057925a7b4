package feed

import (
	"context"
	"slices"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage/briefing"
	"github.com/seaworthy-dev/seaworthy/audit/triage/incident"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/recording"
)

// patience is how long what is broken may be that of another view before it is told that
// it is not known.
const patience = 200 * time.Millisecond

// retraced is a source that can go back, and leave out views on the way to another.
type retraced interface {
	// Trail returns what goes through its views again, in order and without a gap.
	Trail() *recording.Trail
}

// respond works out what is broken in the newest view, and again when time alone
// changes it: as often as views come at first, and for no more than a part of the time
// where they never cease to come (pace.go). It ends with the context, and once the source
// has ended with the last view. Of a view that is not read as far as that something could
// be told of it, it tells nothing.
func (f *Feed) respond(ctx context.Context, ended <-chan struct{}) {
	r := &response{feed: f}
	if source, ok := f.source.(retraced); ok {
		r.trail = source.Trail()
		defer r.trail.Close()
	}
	due := time.NewTimer(interval) // for when time changes something
	due.Stop()
	var pace pace
	for last := false; !last; {
		select {
		case <-ctx.Done():
			return
		case <-ended:
			last = true
		case <-due.C:
		case <-f.seen:
		}
		newest := f.view.Load()
		if newest == nil || !last && !Telling(newest.cluster) {
			continue
		}
		began := time.Now()
		r.to(ctx, newest.cluster, began)
		if r.report == nil {
			continue
		}
		due.Stop()
		if next := r.responder.Next(); !next.IsZero() && newest.cluster.Clock.Ticks {
			due.Reset(next.Sub(r.latest))
		}
		wait := pace.rest(began, time.Now())
		if !newest.cluster.Settled() {
			wait = max(wait, rest*time.Since(began))
		}
		if !pauseUnless(ctx, ended, wait) {
			return
		}
	}
}

// response is what is known to be broken.
type response struct {
	feed      *Feed
	trail     *recording.Trail // nil for a source that only goes on
	responder *briefing.Responder
	last      *kube.Cluster // that was looked at
	latest    time.Time     // of what was looked at
	report    *briefing.Report
}

// to works out what is broken in a view, and tells of it.
func (r *response) to(ctx context.Context, newest *kube.Cluster, began time.Time) {
	told := false
	see := func(c *kube.Cluster) {
		if !told && time.Since(began) > patience {
			told = true
			r.feed.tell(func(n *News) { n.Triage = nil })
		}
		r.see(c, began)
	}
	if r.trail == nil {
		see(newest)
	} else if r.trail.To(ctx, newest, see) != nil && ctx.Err() == nil {
		see(newest) // it is known by itself, without what was before
	}
	if r.report != nil && ctx.Err() == nil {
		r.feed.recordTriage(began, r.report)
		r.feed.report(r.report)
	}
}

// see looks at the next view. One from before the last begins anew: nobody knows there
// what came after it.
func (r *response) see(c *kube.Cluster, local time.Time) {
	if !Telling(c) {
		return
	}
	if r.last == nil || c.Generation < r.last.Generation {
		r.responder, r.latest = briefing.NewResponder(signals.All()), time.Time{}
	}
	r.last = c
	if now := c.Now(local); now.After(r.latest) {
		r.latest = now // the clock of a server may be set back
	}
	r.report = r.responder.Update(c, r.latest)
}

// report adds what is broken to the news, and tells of it if it differs from what was
// told: a cluster in which nothing breaks changes all the same. Before anything was
// judged, the news of that tell of it as well.
func (f *Feed) report(r *briefing.Report) {
	if before := f.Newest(); before.Assessment == nil || sameTriage(before.Triage, r) {
		f.keep(func(n *News) { n.Triage = r })
		return
	}
	f.tell(func(n *News) { n.Triage = r })
}

// Telling reports whether so much of a view was read that what is broken can be told:
// its pods, its nodes, and what owns pods. The rest may come later, and is unknown
// until then.
func Telling(c *kube.Cluster) bool {
	carrying := append(kube.WorkloadResources(), kube.Pods, kube.Nodes, kube.ReplicaSets)
	return !slices.ContainsFunc(c.States(), func(s kube.State) bool {
		return !s.Settled() && slices.Contains(carrying, s.Resource) && !s.Resource.Custom()
	})
}

// sameTriage reports whether two reports say the same to who looks at a list. Of what an
// incident has happened since, the number of its signals tells.
func sameTriage(a, b *briefing.Report) bool {
	if a == nil || len(a.Suspects) != len(b.Suspects) || len(a.Blind) != len(b.Blind) || (a.Notes == nil) != (b.Notes == nil) {
		return false
	}
	if b.Time.Truncate(time.Minute).After(a.Time) && len(b.Incidents) > 0 {
		return false // they last a minute longer
	}
	if a.Cluster.Settled() != b.Cluster.Settled() || a.Notes != nil && len(a.Notes.Signals) != len(b.Notes.Signals) {
		return false
	}
	return slices.EqualFunc(a.Incidents, b.Incidents, sameIncident)
}

func sameIncident(a, b *incident.Incident) bool {
	return a.ID == b.ID && a.State == b.State && a.Severity == b.Severity && a.Title == b.Title && a.Pods == b.Pods &&
		a.Flapping == b.Flapping && a.Since.Equal(b.Since) && len(a.Signals) == len(b.Signals)
}

// pauseUnless waits, but no longer than until the source has ended, and reports false if
// the context ended first.
func pauseUnless(ctx context.Context, ended <-chan struct{}, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-ended:
	case <-timer.C:
	}
	return true
}
