package audit

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// alone is a rule that judges all its subjects at once, and what it last said.
type alone struct {
	judged
	spaces  map[string]*space // by namespace; a space has one tally, and one record where the rule fails
	pending bool              // something changed that it has not seen
}

// judge judges every subject again and returns how each namespace changed.
func (a *alone) judge(p *Pass, watch Stopwatch) map[string]revision {
	a.pending = false
	before := a.spaces
	a.spaces = map[string]*space{}
	names := p.Cluster.NamespaceNames()
	for _, namespace := range names {
		a.space(p.Cluster, namespace)
	}
	watch.Begin()
	subjects := 0
	for subject, value := range a.subjects(p.Cluster) {
		subjects++
		s := a.space(p.Cluster, subject.Namespace)
		t := s.tallies[0]
		if t.Coverage == 0 {
			t.count(unread, "")
			continue
		}
		t.count(p.judgeSubject(&a.judged, subject, value), p.why)
		if len(p.found) == 0 {
			continue
		}
		t.Extent = max(t.Extent, p.extent)
		if s.records == nil {
			s.records = []*record{{stance: &stance{}}}
		}
		s.records[0].findings = append(s.records[0].findings, p.found...)
	}
	watch.End(a.rule, subjects)
	return a.settle(before, names, p.shared)
}

// subjects yields the subjects of every namespace, and those of none.
func (a *alone) subjects(c *kube.Cluster) func(func(Subject, any) bool) {
	l := a.rule.Check.listing
	if l.all != nil {
		return l.all(c)
	}
	return func(yield func(Subject, any) bool) {
		for _, namespace := range append([]string{""}, c.NamespaceNames()...) {
			for subject, value := range l.in(c, namespace) {
				if !yield(subject, value) {
					return
				}
			}
		}
	}
}

func (a *alone) space(c *kube.Cluster, namespace string) *space {
	s := a.spaces[namespace]
	if s == nil {
		t := newTally(c, a.judged, namespace)
		s = &space{tallies: []*Tally{&t}}
		a.spaces[namespace] = s
	}
	return s
}

// settle compares what the rule says with what it said before. If it is the first
// time, all that the view has names for is new to everybody and need not be told of
// where nothing is found.
func (a *alone) settle(before map[string]*space, names []string, shared *sharing) map[string]revision {
	revisions := map[string]revision{}
	empty := map[*Tally]*space{} // those in which nothing was found are alike
	for namespace, s := range a.spaces {
		s.tallies[0] = shared.tally(s.tallies[0].settled())
		if t := s.tallies[0]; s.records == nil {
			if empty[t] == nil {
				empty[t] = s
			}
			s = empty[t]
			a.spaces[namespace] = s
		}
		for _, r := range s.records {
			r.findings = ordered(r.findings)
		}
		old := before[namespace]
		if old == nil {
			if _, named := slices.BinarySearch(names, namespace); !named || len(before) > 0 || len(s.records) > 0 {
				revisions[namespace] = revision{come: s.records}
			}
			continue
		}
		if slices.EqualFunc(old.records, s.records, func(a, b *record) bool { return a.says(b.stance) }) {
			s.records = old.records
			if *old.tallies[0] != *s.tallies[0] {
				revisions[namespace] = revision{}
			}
			continue
		}
		revisions[namespace] = revision{gone: old.records, come: s.records}
	}
	for namespace, old := range before {
		if a.spaces[namespace] == nil {
			revisions[namespace] = revision{gone: old.records}
		}
	}
	return revisions
}
