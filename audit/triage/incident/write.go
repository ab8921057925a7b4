package incident

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// notes is the ID of what is of no consequence.
const notes = "notes"

// write fills the report from the records, and from the groups that are none.
func (t *Tracker) write(r *Report, v *view, left []*group) {
	pods := t.countPods()
	if idle := idleServices(t.known); !maps.Equal(idle, t.idle) {
		t.idle, t.idleSince = idle, v.update
	}
	for _, rec := range t.records {
		rec.repeats = nil
		if rec.group != nil {
			if rec.current(v, t.idleSince) {
				rec.repeats = rec.told
				rec.repeat()
			} else {
				rec.tell(v, t.idle)
			}
			rec.told.Pods = pods[rec]
			rec.history.see(r.Time, pods[rec])
			rec.told.History = slices.Clone(rec.history.counts)
		} else {
			rec.fade(r.Time)
		}
		if rec.state != Resolved {
			r.count(rec.told)
		}
	}
	t.suspectSymptoms(v)
	reaches := make(map[*Incident][4]int, len(t.records))
	for _, rec := range t.records {
		if rec.repeats != nil && rec.repeats.same(rec.told) {
			rec.told = rec.repeats
		}
		r.Incidents = append(r.Incidents, rec.told)
		reach := rec.telling.reach
		reach[3] = rec.told.Pods
		reaches[rec.told] = reach
	}
	t.order.sort(r.Incidents, reaches, r.Time)
	r.Notes = housekeeping(v, left)
	if r.Notes != nil {
		r.Signals += firing(r.Notes.Signals)
	}
}

// count adds the signals of an incident to those of the report.
func (r *Report) count(i *Incident) {
	n := firing(i.Signals)
	r.Signals += n
	if n > 1 || n == 1 && slices.ContainsFunc(i.Signals, func(s Signal) bool { return s.State == triage.Firing && s.Symptom() }) {
		r.Explained += n
	}
}

func firing(signals []Signal) int {
	n := 0
	for i := range signals {
		if signals[i].State == triage.Firing {
			n++
		}
	}
	return n
}

// countPods counts the pods of each incident that show it now. One that shows two
// counts for that whose root explains more.
func (t *Tracker) countPods() map[*record]int {
	of := map[kube.Ref]*record{}
	for _, f := range t.known {
		if !f.ofPod() || !f.fires() || f.record == nil || f.record.group == nil {
			continue
		}
		if held := of[f.Object]; held == nil || explainsMore(f.record, held) {
			of[f.Object] = f.record
		}
	}
	pods := map[*record]int{}
	for _, r := range of {
		pods[r]++
	}
	return pods
}

func explainsMore(a, b *record) bool {
	x, y := a.group.root().Detector.Rung, b.group.root().Detector.Rung
	return cmp.Or(cmp.Compare(x, y), a.since.Compare(b.since), cmp.Compare(a.id, b.id)) < 0
}

// idleServices are the Services of which somebody says that nothing is behind them.
func idleServices(facts []*fact) map[kube.Ref]bool {
	idle := map[kube.Ref]bool{}
	for _, f := range facts {
		if f.fires() && f.Object.Kind == kube.Services.Kind && f.Object.Group == "" {
			idle[f.Object] = true
		}
	}
	return idle
}

// severity returns how bad a group is: as bad as the worst of it that fires.
func (g *group) severity(v *view) triage.Severity {
	worst, calm := triage.Severity(0), triage.Severity(0)
	for _, f := range g.facts {
		if f.fires() {
			worst = triage.Worse(worst, f.severity)
		} else {
			calm = triage.Worse(calm, f.severity)
		}
	}
	if worst == 0 {
		return calm
	}
	// What a workload lost counts even where no signal says so by itself, unless all
	// that is said of it is of no consequence.
	if worst == triage.S1 {
		return worst
	}
	sweep := v.begin()
	for _, f := range g.facts {
		if f.fires() && f.severity != triage.S4 && !f.Workload.IsZero() && f.of.first(sweep) {
			if i := v.impact(f.of); i.Served && i.Desired > 0 && i.Available == 0 {
				return triage.S1
			}
		}
	}
	return worst
}

// tell writes what is known of an incident that is not over.
func (r *record) tell(v *view, idle map[kube.Ref]bool) {
	g := r.group
	r.telling.severity, r.telling.flaps = g.severity(v), false
	root := g.root()
	i := &Incident{}
	c := newCast(v, g)
	for _, f := range g.facts {
		r.telling.flaps = r.telling.flaps || f.Flapping
		i.Shared = cmp.Or(i.Shared, f.role)
	}
	i.Shared = cmp.Or(root.role, i.Shared)
	facts := r.ordered(root)
	i.Signals = signalsOf(facts)
	i.Lines = lines(v, i.Signals, facts)
	i.Members = c.members(idle)
	r.telling.reach = c.reach(i.Members, facts)
	i.Where = c.where(r.key)
	i.Title = c.title(r)
	r.told = i
	r.telling.note(r, v.update)
	r.fill()
}

// repeat writes again what has not changed.
func (r *record) repeat() {
	i := *r.told
	i.Possible = nil
	r.told = &i
	r.fill()
}

// same reports whether an incident is as it was after it was repeated.
func (i *Incident) same(as *Incident) bool {
	return i.ID == as.ID && i.Severity == as.Severity && i.Since.Equal(as.Since) && i.Estimated == as.Estimated && i.State == as.State &&
		i.Ended.Equal(as.Ended) && i.Flapping == as.Flapping && i.Pods == as.Pods &&
		slices.Equal(i.Aliases, as.Aliases) && slices.Equal(i.Possible, as.Possible) && slices.Equal(i.History, as.History)
}

// fill writes what is known of the incident itself.
func (r *record) fill() {
	if r.state == Open || r.severity == 0 {
		r.severity = r.telling.severity
	}
	i := r.told
	i.ID, i.Aliases, i.Severity, i.Root = r.id, slices.Clone(r.aliases), r.severity, r.key
	i.Since, i.Estimated, i.State, i.Ended = r.since, r.estimated, r.state, r.ended
	i.Flapping = r.telling.flaps || len(r.opened) >= reopenings
}

// ordered returns the facts of an incident: its root, what else nothing explains, the
// symptoms, and what is over.
func (r *record) ordered(root *fact) []*fact {
	facts := slices.Clone(r.group.facts)
	for _, f := range r.facts {
		if f.State == triage.Resolved && !f.in(r.group) {
			facts = append(facts, f)
		}
	}
	slices.SortFunc(facts, func(a, b *fact) int {
		if by := cmp.Or(
			compareBool(a != root, b != root),
			compareBool(a.State == triage.Resolved, b.State == triage.Resolved),
			compareBool(a.claimant != triage.Identity{}, b.claimant != triage.Identity{}),
		); by != 0 {
			return by
		}
		return compareFacts(a, b)
	})
	return facts
}

// in reports whether a fact is part of a group.
func (f *fact) in(g *group) bool {
	if !f.needed {
		return false
	}
	unit := f.top().unit
	return unit != nil && unit.group == g
}

func signalsOf(facts []*fact) []Signal {
	all := make([]Signal, len(facts))
	for n, f := range facts {
		all[n] = f.signal()
	}
	return all
}

func (f *fact) signal() Signal {
	return Signal{Watched: *f.Watched, Severity: f.severity, By: f.claimant, Through: f.shared, Mutual: f.mutually}
}

// fade writes what is known of an incident that is over: what was last told, and what
// has become of its signals.
func (r *record) fade(now time.Time) {
	i := *r.told
	i.State, i.Ended, i.Pods, i.Possible = Resolved, r.ended, 0, nil
	i.Lines = nil
	i.Aliases = slices.Clone(r.aliases)
	byIdentity := map[triage.Identity]*fact{}
	for _, f := range r.facts {
		byIdentity[f.Identity()] = f
	}
	i.Signals = nil
	for _, s := range r.told.Signals {
		if f := byIdentity[s.Identity()]; f != nil {
			s.Watched = *f.Watched
			i.Signals = append(i.Signals, s)
		}
	}
	r.history.see(now, 0)
	i.History = slices.Clone(r.history.counts)
	r.told = &i
}

// housekeeping is what is left of no consequence, nil if nothing is.
func housekeeping(v *view, left []*group) *Incident {
	var facts []*fact
	for _, g := range left {
		facts = append(facts, g.facts...)
	}
	if len(facts) == 0 {
		return nil
	}
	slices.SortFunc(facts, compareFacts)
	i := &Incident{ID: notes, Severity: triage.S4, Where: cluster, State: Recovering, Root: triage.Key{Kind: triage.ByMessage, Name: notes}}
	members, pods := map[kube.Ref]bool{}, map[kube.Ref]bool{}
	for _, f := range facts {
		i.Signals = append(i.Signals, f.signal())
		i.Flapping = i.Flapping || f.Flapping
		members[f.owner()] = true
		if f.ofPod() && f.fires() {
			pods[f.Object] = true
		}
		if f.fires() {
			i.State = Open
		}
		if i.Since.IsZero() || f.first.Before(i.Since) {
			i.Since, i.Estimated = f.first, f.Estimated || f.Observed
		}
		if f.Ended.After(i.Ended) {
			i.Ended = f.Ended
		}
	}
	if i.State == Open {
		i.Ended = time.Time{}
	}
	i.Pods, i.Members = len(pods), slices.SortedFunc(maps.Keys(members), kube.CompareRefs)
	i.Title = plural(len(facts), "note")
	i.Lines = lines(v, i.Signals, facts)
	return i
}
