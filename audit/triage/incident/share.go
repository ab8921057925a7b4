package incident

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
)

// Owners are one thing if they failed alike within this time, and another joins one
// that is open if it failed within joinWindow of its beginning.
const (
	spread     = 10 * time.Minute
	joinWindow = 15 * time.Minute
)

// named are the kinds of key that a component tells in so many words, the most
// specific first: the Secret that is missing, the quota that is used up. They need no
// statistics: whoever names the same one waits for the same thing to be mended.
func named() []triage.KeyKind {
	return []triage.KeyKind{
		triage.ByConfig, triage.ByWebhook, triage.ByPolicy, triage.ByQuota, triage.ByAccount,
		triage.ByClaim, triage.ByVolume, triage.ByStorageClass, triage.ByAPIService, triage.ByDefinition,
	}
}

// places are the kinds of key that say where something runs or comes from, the most
// specific first: they explain a failure if the healthy have another.
func places() []triage.KeyKind {
	return []triage.KeyKind{triage.ByImage, triage.ByNode, triage.ByNodePool, triage.ByRegistry, triage.ByZone}
}

// startup are the detectors that concern pods while they start: others are
// comparable to them only if they started since.
func startup() map[string]bool {
	return set([]string{
		"pod-unschedulable", "pod-creating-stuck", "pod-mount-failed", "pod-attach-failed", "pod-volume-limit", "pod-sandbox-failed",
		"image-pull", "config-error", "create-error", "init-stuck", "pod-admission-failed", "probe-startup",
	})
}

// sharing puts units together that have a reason in common.
type sharing struct {
	*claims
	census  *census
	records []*record // open ones that units share
	counted bool      // whether the census is of this view
	groups  map[triage.Key]*group
}

// merge returns a group for each unit, in the order of the units' owners; units that
// share a reason are in one.
func (s *sharing) merge(units []*unit) []*group {
	s.groups = map[triage.Key]*group{}
	units = slices.DeleteFunc(units, func(u *unit) bool { return !u.alive(s.now) })
	s.keep(units)
	s.join(units)
	s.name(units)
	if s.flood {
		s.speak(units)
	} else {
		s.lift(units)
		s.amass(units)
	}
	var all []*group
	for _, u := range units {
		if u.group == nil {
			u.group = u.own()
		}
		if u.group.units[0] == u {
			all = append(all, u.group)
		}
	}
	return all
}

// alive reports whether a unit may be part of a group: roots that are over matter
// only where something is still explained by them, or shares with them.
func (u *unit) alive(now time.Time) bool {
	return slices.ContainsFunc(u.facts, func(f *fact) bool { return f.explains(now) })
}

// share puts a unit into the group of a key.
func (s *sharing) share(u *unit, key triage.Key) {
	g := s.groups[key]
	if g == nil {
		g = &group{key: key, shared: true}
		s.groups[key] = g
	}
	g.units = append(g.units, u)
	u.group = g
}

// keep leaves together what was one thing, until one part of it is over for as long
// as lingers and another is not: then what is left has to prove it anew.
func (s *sharing) keep(units []*unit) {
	if len(s.records) == 0 {
		return
	}
	of := map[*record][]*unit{}
	for _, u := range units {
		if r := u.before(); r != nil && r.shared && u.carries(r.key, r.same) {
			of[r] = append(of[r], u)
		}
	}
	for _, r := range s.records {
		if s.parts(r) {
			continue
		}
		for _, u := range of[r] {
			s.share(u, r.key)
		}
	}
}

// parts reports whether a part of an incident recovered a while ago and another did not.
func (s *sharing) parts(r *record) bool {
	if !slices.ContainsFunc(r.facts, func(f *fact) bool { return f.State != triage.Suspect && !f.fires() && s.now.Sub(f.Ended) >= lingers }) {
		return false
	}
	last := map[string]time.Time{} // when an owner's last signal ceased, zero if one fires
	for _, f := range r.facts {
		if f.State == triage.Suspect {
			continue
		}
		owner := f.owner().String()
		ended, known := last[owner]
		switch {
		case f.fires():
			last[owner] = time.Time{}
		case !known || !ended.IsZero() && f.Ended.After(ended):
			last[owner] = f.Ended
		}
	}
	fires, over := false, false
	for _, ended := range last {
		fires = fires || ended.IsZero()
		over = over || !ended.IsZero() && s.now.Sub(ended) >= lingers
	}
	return fires && over
}

// join lets units that fail like an incident that is open join it, soon after it began.
func (s *sharing) join(units []*unit) {
	for _, r := range s.records {
		if s.parts(r) {
			continue
		}
		for _, u := range units {
			after := u.root().first.Sub(r.since)
			if u.group == nil && u.carries(r.key, r.same) && after <= joinWindow && after >= -joinWindow {
				s.share(u, r.key)
			}
		}
	}
}

// carries reports whether the unit fails in a way, because of a key.
func (u *unit) carries(key triage.Key, same string) bool {
	if key.Kind == triage.ByMessage {
		return key.Name == u.root().same
	}
	if slices.Contains(named(), key.Kind) {
		return slices.ContainsFunc(u.facts, func(f *fact) bool { return f.names(key) })
	}
	members, having := 0, 0
	for _, f := range u.facts {
		if f.same == same {
			members++
			if f.carries(key) {
				having++
			}
		}
	}
	return members > 0 && 5*having >= 4*members
}

// name puts together the units that a component gives the same name for.
func (s *sharing) name(units []*unit) {
	for _, kind := range named() {
		by := map[triage.Key][]*unit{}
		for _, u := range units {
			if u.group != nil {
				continue
			}
			for _, key := range u.root().Keys {
				if key.Kind == kind {
					by[key] = append(by[key], u)
				}
			}
		}
		for _, key := range sortedKeys(by) {
			free := slices.DeleteFunc(by[key], func(u *unit) bool { return u.group != nil })
			if len(free) >= 2 || len(free) == 1 && s.groups[key] != nil {
				for _, u := range free {
					s.share(u, key)
				}
			}
		}
	}
}

// speak puts together what says the same: all that can be told in a flood.
func (s *sharing) speak(units []*unit) {
	by := map[triage.Key][]*unit{}
	for _, u := range units {
		if u.group == nil {
			key := triage.Key{Kind: triage.ByMessage, Name: u.root().same}
			by[key] = append(by[key], u)
		}
	}
	for _, key := range sortedKeys(by) {
		if len(by[key]) >= 2 {
			for _, u := range by[key] {
				s.share(u, key)
			}
		}
	}
}

// amass puts together what many objects say at once and no key tells.
func (s *sharing) amass(units []*unit) {
	for same, alike := range s.alike(units) {
		for _, near := range together(alike) {
			if len(near) >= mass && s.masses[near[0].root().Detector.ID] {
				for _, u := range near {
					s.share(u, triage.Key{Kind: triage.ByMessage, Name: same})
				}
			}
		}
	}
}

// alike returns the units that are in no group yet, by what they say.
func (s *sharing) alike(units []*unit) map[string][]*unit {
	by := map[string][]*unit{}
	for _, u := range units {
		if u.group == nil && u.root().State != triage.Suspect {
			by[u.root().same] = append(by[u.root().same], u)
		}
	}
	return by
}

// together parts units into those that began within the spread of the first.
func together(units []*unit) [][]*unit {
	slices.SortStableFunc(units, func(a, b *unit) int { return a.root().first.Compare(b.root().first) })
	var parts [][]*unit
	for len(units) > 0 {
		n := 1
		for n < len(units) && units[n].root().first.Sub(units[0].root().first) <= spread {
			n++
		}
		parts = append(parts, units[:n:n])
		units = units[n:]
	}
	return parts
}

func sortedKeys(by map[triage.Key][]*unit) []triage.Key {
	return slices.SortedFunc(maps.Keys(by), func(a, b triage.Key) int {
		return cmp.Or(strings.Compare(string(a.Kind), string(b.Kind)), strings.Compare(a.Name, b.Name))
	})
}
