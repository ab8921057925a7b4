package incident

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
)

// record is what is known of an incident from view to view.
type record struct {
	id      string
	aliases []string
	key     triage.Key
	class   triage.Rung
	shared  bool // it is about what several owners have in common
	uid     string
	same    string  // what its root says
	facts   []*fact // that were ever part of it and are still known

	since     time.Time
	estimated bool
	severity  triage.Severity
	state     State
	ended     time.Time
	born      time.Time
	opened    []time.Time // when it opened, or opened again, of late
	history   minutes
	told      *Incident // as it was last told
	telling   telling
	repeats   *Incident // what was told before, where that was repeated

	group *group // of this Update, nil for one that is over
}

// match finds the incident that each group continues, and returns the groups that
// continue none.
func (t *Tracker) match(groups []*group) []*group {
	byKey := make(map[triage.Key][]*record, len(t.records))
	for _, r := range t.records {
		r.group = nil
		byKey[r.key] = append(byKey[r.key], r)
	}
	var rest []*group
	for _, g := range groups {
		if r := g.sameRoot(byKey[g.key]); r != nil {
			g.record, r.group = r, g
			continue
		}
		rest = append(rest, g)
	}
	for _, r := range slices.SortedFunc(slices.Values(t.records), compareAge) {
		if r.group != nil || r.state == Resolved {
			continue
		}
		switch g := r.continuing(); {
		case g == nil:
		case g.record == nil:
			g.record, r.group = r, g
		default:
			t.absorb(g.record, r)
		}
	}
	return slices.DeleteFunc(rest, func(g *group) bool { return g.record != nil })
}

// compareAge orders the oldest first.
func compareAge(a, b *record) int {
	return cmp.Or(a.born.Compare(b.born), a.since.Compare(b.since), strings.Compare(a.id, b.id))
}

// sameRoot returns that of some incidents of its key which has the root of a group,
// nil if none has. An object that was made anew is another root.
func (g *group) sameRoot(records []*record) *record {
	for _, r := range records {
		if r.group == nil && r.class == g.class && r.shared == g.shared && (r.uid == g.uid || r.uid == "" || g.uid == "") {
			return r
		}
	}
	return nil
}

// continuing returns the group that has all that the incident was last about, nil if
// there is none. A part of what was shared that goes on alone is another incident.
func (r *record) continuing() *group {
	var g *group
	for _, f := range r.facts {
		if f.rootOf != r {
			continue
		}
		unit := f.top().unit
		if unit == nil || unit.group == nil || g != nil && unit.group != g {
			return nil
		}
		g = unit.group
	}
	if g == nil || g.facts == nil {
		return nil
	}
	if r.shared && !g.shared && g.root().record == r {
		return nil
	}
	return g
}

// absorb makes an incident part of another.
func (t *Tracker) absorb(into, other *record) {
	into.aliases = append(append(into.aliases, other.id), other.aliases...)
	slices.Sort(into.aliases)
	if other.since.Before(into.since) {
		into.since, into.estimated = other.since, other.estimated
	}
	into.history.join(&other.history)
	for _, f := range other.facts {
		f.record = into
	}
	into.facts = append(into.facts, other.facts...)
	t.records = slices.DeleteFunc(t.records, func(r *record) bool { return r == other })
}

// open makes an incident of a group that continues none.
func (t *Tracker) open(g *group, taken map[string]bool, now time.Time) {
	root := g.root()
	r := &record{
		id: t.name(g, taken), key: g.key, class: g.class, shared: g.shared, uid: g.uid, since: root.first, estimated: root.Estimated || root.Observed,
		state: Resolved, group: g, // update opens it
	}
	g.record = r
	r.born = now
	t.records = append(t.records, r)
}

// name returns an ID for a group that no incident has or had, and notes it in taken,
// which has those of all incidents or nothing.
func (t *Tracker) name(g *group, taken map[string]bool) string {
	if len(taken) == 0 {
		taken[notes] = true
		for _, r := range t.records {
			taken[r.id] = true
			for _, alias := range r.aliases {
				taken[alias] = true
			}
		}
	}
	for n := 0; ; n++ {
		hash := fnv.New32a()
		_, _ = fmt.Fprintf(hash, "%s\x00%s\x00%s\x00%s\x00%d", g.key.Kind, g.key.Name, g.uid, g.root().Detector.ID, n) // never fails
		if id := fmt.Sprintf("%08x", hash.Sum32()); !taken[id] {
			taken[id] = true
			return id
		}
	}
}

// reopenings tell that an incident flaps: so many of them within the window.
const (
	reopenings   = 3
	reopenWindow = 15 * time.Minute
)

// update takes over what a record's group says; it has one.
func (r *record) update(now time.Time) {
	g := r.group
	root := g.root()
	r.key, r.class, r.shared, r.same = g.key, g.class, g.shared, root.same
	r.uid = cmp.Or(g.uid, r.uid)
	before := r.state
	r.uproot()
	rooted := false
	r.state, r.ended = Recovering, time.Time{}
	for _, f := range g.facts {
		if f.record != r {
			r.facts = append(r.facts, f)
		}
		f.follow(r)
		if f.fires() {
			r.state = Open
		}
		f.rootOf = nil
		if f.parent == nil && f.fires() {
			f.rootOf, rooted = r, true
		}
		if f.dates() && f.first.Before(r.since) {
			r.since, r.estimated = f.first, f.Estimated || f.Observed
		}
	}
	if !rooted { // the roots linger: what they explain stands for them
		for _, f := range g.facts {
			if f.parent == nil {
				f.rootOf = r
			}
		}
	}
	if r.state == Recovering {
		r.ended = r.ceased(now)
	}
	if before == Resolved {
		r.opened = append(slices.DeleteFunc(r.opened, func(t time.Time) bool { return now.Sub(t) > reopenWindow }), now)
	}
}

// uproot forgets what the roots of the incident were.
func (r *record) uproot() {
	for _, f := range r.facts {
		if f.rootOf == r {
			f.rootOf = nil
		}
	}
}

// follow notes to which incident a fact belongs, nil for the notes, and by what.
func (f *fact) follow(r *record) {
	f.record, f.claimant, f.shared, f.mutually = r, triage.Identity{}, f.through, f.mutual
	if f.parent != nil {
		f.claimant = f.parent.Identity()
	}
}

// ceased returns when the last signal of the incident did.
func (r *record) ceased(now time.Time) time.Time {
	var last time.Time
	for _, f := range r.facts {
		if f.record == r && f.Ended.After(last) {
			last = f.Ended
		}
	}
	if last.IsZero() {
		return now
	}
	return last
}

// prune forgets the facts that are not known any more, and those that went over to
// another incident.
func (r *record) prune() {
	r.facts = slices.DeleteFunc(r.facts, func(f *fact) bool { return f.record != r || f.forgotten })
}
