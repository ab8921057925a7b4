package incident

import (
	"slices"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// floodAt is how many signals of pods that fire make a flood.
const floodAt = 200

// Tracker keeps incidents across views. It is for one goroutine.
type Tracker struct {
	table     *table
	detection *triage.Detection
	watch     *triage.Watch
	memory    memory
	facts     map[triage.Identity]*fact
	known     []*fact   // all of them, in the order of Identity
	records   []*record // in the order in which they opened
	census    *census
	weighing  *weighing
	order     order
	idle      map[kube.Ref]bool // Services that somebody found without anything behind them
	idleSince int               // the Update in which they changed

	now     time.Time
	signals []*triage.Signal // of the newest view, with those that were kept
}

// NewTracker returns a Tracker by some detectors, which should be valid.
func NewTracker(detectors []*triage.Detector) *Tracker {
	return &Tracker{
		table: newTable(), detection: triage.NewDetection(detectors), watch: triage.NewWatch(),
		memory: newMemory(), facts: map[triage.Identity]*fact{}, census: newCensus(), weighing: newWeighing(),
	}
}

// Update looks at a view at a time of the API server's clock, which must not go
// back, and returns what is broken. The time may be later than that of the view if
// nothing changed since. The view must be of the same cluster each time.
func (t *Tracker) Update(c *kube.Cluster, now time.Time) *Report {
	report := t.update(c, t.detection.Detect(c), now)
	report.Blind = t.detection.Blind(c)
	return report
}

// update is Update by signals that somebody detected.
func (t *Tracker) update(c *kube.Cluster, detected []*triage.Signal, now time.Time) *Report {
	t.now = now
	t.signals = t.memory.keep(c, detected, now)
	return t.report(c, t.watch.Update(t.signals, now), now)
}

// report groups what is known.
func (t *Tracker) report(c *kube.Cluster, watched []*triage.Watched, now time.Time) *Report {
	t.now = now
	t.weighing.next()
	v := &view{c, t.weighing}
	facts := t.tell(v, watched)
	groups := t.group(v, facts, now)
	var left []*group
	taken := map[string]bool{}
	for _, g := range t.match(groups) {
		if g.severity(v) == triage.S4 {
			left = append(left, g)
			for _, f := range g.facts {
				f.follow(nil)
			}
			continue
		}
		t.open(g, taken, now)
	}
	t.settleRecords(now)
	r := &Report{Time: now, Known: len(watched)}
	for _, w := range watched {
		if w.State == triage.Suspect {
			r.Suspects = append(r.Suspects, *w)
		}
	}
	t.write(r, v, left)
	return r
}

// group puts what is known into groups, by the passes in their order.
func (t *Tracker) group(v *view, facts []*fact, now time.Time) []*group {
	firing := 0
	for _, f := range facts {
		f.weigh(v)
		if f.ofPod() && f.fires() {
			firing++
		}
	}
	c := newClaims(t.table, v, facts, now, firing > floodAt)
	for _, f := range facts {
		if f.explains(now) {
			c.claim(f)
		}
	}
	c.attach()
	settle(facts)
	units := c.unitsOf()
	var shared []*record
	for _, r := range t.records {
		if r.shared && r.state != Resolved {
			shared = append(shared, r)
		}
	}
	s := &sharing{claims: c, census: t.census, records: shared}
	groups := s.merge(units)
	fill(facts)
	return slices.DeleteFunc(groups, func(g *group) bool { return g.facts == nil })
}

// fill gives the facts to their groups: what counts, and roots that explain some of
// that although they do not count. A group of nothing that counts stays empty.
func fill(facts []*fact) {
	for _, f := range facts {
		if f.counts() {
			for at := f; at != nil && !at.needed; at = at.parent {
				at.needed = true
			}
		}
	}
	for _, f := range facts {
		if f.needed {
			if unit := f.top().unit; unit != nil && unit.group != nil {
				unit.group.facts = append(unit.group.facts, f)
			}
		}
	}
}

// settleRecords brings the incidents up to date with their groups, and forgets those
// that were resolved long ago.
func (t *Tracker) settleRecords(now time.Time) {
	for _, r := range t.records {
		if r.group != nil {
			r.update(now)
		}
	}
	for _, r := range t.records {
		r.prune()
		if r.group == nil && r.state != Resolved {
			r.state, r.ended = Resolved, r.ceased(now)
		}
	}
	t.records = slices.DeleteFunc(t.records, func(r *record) bool {
		return r.state == Resolved && now.Sub(r.ended) >= triage.Remembered
	})
}

// Next returns the next moment at which time alone changes what Update returns, zero
// if there is none.
func (t *Tracker) Next() time.Time {
	next := t.watch.Next(t.signals, t.now)
	consider := func(at time.Time) {
		if at.After(t.now) && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	for _, f := range t.known {
		if f.State == triage.Resolved || f.State == triage.Recovering {
			consider(f.Ended.Add(lingers))
		}
	}
	for _, r := range t.records {
		if r.state == Resolved {
			consider(r.ended.Add(triage.Remembered))
			continue
		}
		consider(t.now.Truncate(time.Minute).Add(time.Minute)) // its history
	}
	consider(t.memory.next())
	consider(t.order.next())
	return next
}
