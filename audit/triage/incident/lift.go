package incident

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// A key that is to explain a failure covers as much of what fails, and at most as
// much of what is well, in percent.
const (
	leastCovered = 80
	mostWell     = 20
)

// lift puts together what fails alike within a short time and has a place in common
// that the healthy do not have. The most specific place is tried first.
func (s *sharing) lift(units []*unit) {
	by := s.alike(units)
	for _, same := range slices.Sorted(maps.Keys(by)) {
		if len(by[same]) < 2 {
			continue
		}
		for _, near := range together(by[same]) {
			for _, kind := range places() {
				s.liftBy(kind, same, near)
			}
		}
	}
}

// trial is a key that may explain what fails alike.
type trial struct {
	key   triage.Key
	units []*unit
	facts []*fact
}

func (s *sharing) liftBy(kind triage.KeyKind, same string, units []*unit) {
	found, all := trialsOf(kind, same, units)
	others := 0 // what keys of this kind explain
	trials := slices.DeleteFunc(found, func(t *trial) bool { return !s.stands(t) })
	for _, t := range trials {
		others += len(t.facts)
	}
	for _, t := range trials {
		if rest := all - (others - len(t.facts)); 100*len(t.facts) < leastCovered*rest {
			continue
		}
		for _, u := range t.units {
			if u.group == nil && u.carries(t.key, same) {
				s.share(u, t.key)
			}
		}
	}
}

// trialsOf returns the keys of a kind that units which say the same have, those of
// the most first, and how many facts there are.
func trialsOf(kind triage.KeyKind, same string, units []*unit) (trials []*trial, all int) {
	found := map[triage.Key]*trial{}
	for _, u := range units {
		if u.group != nil {
			continue
		}
		for _, f := range u.facts {
			if f.same != same {
				continue
			}
			all++
			for _, key := range f.keys {
				if key.Kind == kind {
					if found[key] == nil {
						found[key] = &trial{key: key}
					}
					found[key].add(u, f)
				}
			}
		}
	}
	return slices.SortedFunc(maps.Values(found), func(a, b *trial) int {
		return cmp.Or(cmp.Compare(len(b.facts), len(a.facts)), strings.Compare(a.key.Name, b.key.Name))
	}), all
}

func (t *trial) add(u *unit, f *fact) {
	t.facts = append(t.facts, f)
	if len(t.units) == 0 || t.units[len(t.units)-1] != u {
		t.units = append(t.units, u)
	}
}

// stands reports whether enough owners have a key, and few of the healthy.
func (s *sharing) stands(t *trial) bool {
	if len(t.units) < 2 {
		return false
	}
	if len(t.units) < 3 && 2*len(t.units) < s.users(t) {
		return false
	}
	return s.contrasts(t)
}

// contrasts reports whether few of the pods that are well have the key. Pods that
// fail while they start are compared to those that started since: an image that
// nodes have already is not pulled. Where there are none, all have to do.
func (s *sharing) contrasts(t *trial) bool {
	if !s.counted {
		s.census.take(s.view.Cluster)
		s.counted = true
	}
	if o := t.facts[0].Object; o.Kind == kube.Nodes.Kind && o.Group == "" {
		all, having := s.nodes(t)
		return few(all, having, len(t.facts))
	}
	failing := map[kube.Ref]bool{}
	since := t.facts[0].first
	well := 0 // of those that fail: what crashes is ready in between
	for _, f := range t.facts {
		if f.first.Before(since) {
			since = f.first
		}
		if !failing[f.Object] && f.pod != nil && triage.Serving(f.pod) {
			well++
		}
		failing[f.Object] = true
	}
	having, known := s.census.having(s.view.Cluster, t.key)
	if !known {
		return false
	}
	all, having := s.census.all.pods-well, having-well
	if startup()[t.facts[0].Detector.ID] {
		started, with := s.census.started(s.view.Cluster, t.key, since.Add(-spread))
		if started == 0 {
			return all > 0 && 100*having <= mostWell*all
		}
		all, having = started, with
	}
	return few(all, having, len(failing))
}

// few reports whether a key is rare among what is well, and what is well rare among
// what has the key. Where nothing is well there is nothing to compare with.
func few(all, having, failing int) bool {
	return all > 0 && 100*having <= mostWell*all && 100*having <= mostWell*(having+failing)
}

// nodes counts the nodes that do not fail, and those of them that have the key.
func (s *sharing) nodes(t *trial) (all, having int) {
	failing := map[string]bool{}
	for _, f := range t.facts {
		failing[f.Object.Name] = true
	}
	for node := range s.view.Nodes.All() {
		if failing[node.Name] {
			continue
		}
		all++
		if placeOf(node, t.key.Kind) == t.key.Name {
			having++
		}
	}
	return all, having
}

// users returns how many workloads have a key.
func (s *sharing) users(t *trial) int {
	users := map[kube.Ref]bool{}
	count := func(pod *kube.Pod) {
		if w := s.view.WorkloadOf(pod); w != nil && !pod.Finished() && has(s.view.Cluster, pod, t.key) {
			users[w.Ref] = true
		}
	}
	for pod := range s.view.Pods.All() {
		count(pod)
	}
	return len(users)
}
