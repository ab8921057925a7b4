package audit

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Beside has findings follow from those of further rules, which somebody else judges
// the same views by. It is called before the first view, and returns the Auditor.
func (a *Auditor) Beside(categories []Category) *Auditor {
	for _, category := range categories {
		for _, rule := range category.Rules {
			a.judged[rule.ID] = true
		}
	}
	return a
}

// Auditor judges the views of one source, one after the other. What did not
// change since the view before is not judged again: the new [Result] shares it
// with the last one. An Auditor is for one goroutine; its Results are for all.
type Auditor struct {
	categories []Category
	groups     []*group        // of the rules that judge subject by subject
	alone      []*alone        // the others
	places     []place         // of every rule, by category and rule
	judged     map[string]bool // the IDs of all rules
	meter      Meter
	shared     *sharing
	last       *Result
}

// place is where the tally of a rule is found.
type place struct {
	rule  judged
	group *group // nil for a rule that judges alone
	at    int    // its index in the group
	alone *alone
}

// Meter measures what judging costs: this package knows no clock. Rules are judged
// on several goroutines, each of which asks for a Stopwatch of its own.
type Meter interface {
	Stopwatch() Stopwatch
}

// Stopwatch measures on one goroutine. Begin and End enclose the work of one rule on
// a number of subjects, which may be 0.
type Stopwatch interface {
	Begin()
	End(r *Rule, subjects int)
}

// unmetered measures nothing.
type unmetered struct{}

// Stopwatch returns one that measures nothing.
func (m unmetered) Stopwatch() Stopwatch { return m }

// Begin does nothing.
func (unmetered) Begin() {}

// End does nothing.
func (unmetered) End(*Rule, int) {}

// NewAuditor returns an Auditor that has seen no view yet. Meter may be nil.
func NewAuditor(categories []Category, meter Meter) *Auditor {
	a := &Auditor{categories: categories, meter: meter, judged: map[string]bool{}, shared: newSharing()}
	if meter == nil {
		a.meter = unmetered{}
	}
	groups := map[roll]*group{}
	for _, category := range categories {
		for _, rule := range category.Rules {
			j := judged{rule, category.ID}
			a.judged[rule.ID] = true
			l := rule.Check.listing
			if rule.Whole() {
				a.alone = append(a.alone, &alone{judged: j, pending: true})
				a.places = append(a.places, place{rule: j, alone: a.alone[len(a.alone)-1]})
				continue
			}
			g := groups[l.roll]
			if g == nil {
				g = newGroup(l)
				groups[l.roll] = g
				a.groups = append(a.groups, g)
			}
			a.places = append(a.places, place{rule: j, group: g, at: len(g.rules)})
			g.add(j)
		}
	}
	slices.SortFunc(a.places, func(a, b place) int {
		return cmp.Or(strings.Compare(a.rule.category, b.rule.category), strings.Compare(a.rule.rule.ID, b.rule.rule.ID))
	})
	return a
}

// Audit judges a view by every rule. It says the same, in the same order, as an
// Auditor that has never seen another view.
func (a *Auditor) Audit(c *kube.Cluster) *Result { return a.audit(c, true) }

// Glance judges a view by the rules that look at one namespace at a time. What
// the others say is taken from the last Audit: unless [Result.Complete], an
// Audit is due.
func (a *Auditor) Glance(c *kube.Cluster) *Result { return a.audit(c, a.last == nil) }

func (a *Auditor) audit(c *kube.Cluster, whole bool) *Result {
	var before *kube.Cluster
	if a.last != nil {
		before = a.last.Cluster
	}
	ch := compare(before, c)
	r := &Result{Cluster: c, Categories: a.categories, Complete: true}
	var todo []*work
	for _, rule := range a.alone {
		rule.pending = rule.pending || rule.rule.Timed && ch.later || ch.concernAnywhere(rule.rule)
		switch {
		case !rule.pending:
		case !whole:
			r.Complete = false
		default:
			todo = append(todo, &work{alone: rule})
		}
	}
	for _, g := range a.groups {
		for _, namespace := range a.visit(g, ch, c) {
			todo = append(todo, &work{group: g, namespace: namespace})
		}
	}
	a.share(todo, c, ch)
	revisions := map[string][]revision{}
	for _, w := range todo {
		w.settle(revisions)
	}
	r.Namespaces = a.compose(c, ch, revisions)
	a.last = r
	return r
}

// visit returns the namespaces in which a group may have something to judge.
func (a *Auditor) visit(g *group, ch *changes, c *kube.Cluster) []string {
	everywhere := ch.everything || g.listing.kind == objects && ch.wide[g.listing.resource] ||
		g.listing.kind == mixed && len(ch.wide) > 0 ||
		slices.ContainsFunc(g.rules, func(r judged) bool { return ch.concernEverywhere(r.rule) })
	if !everywhere {
		return slices.Sorted(maps.Keys(ch.spaces))
	}
	names := map[string]bool{"": true}
	for _, name := range c.NamespaceNames() {
		names[name] = true
	}
	for name := range g.spaces {
		names[name] = true
	}
	for name := range ch.spaces {
		names[name] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// compose returns what is said of every namespace, by name.
func (a *Auditor) compose(c *kube.Cluster, ch *changes, revisions map[string][]revision) []*NamespaceResult {
	held := map[string]*NamespaceResult{}
	if a.last != nil {
		for _, n := range a.last.Namespaces {
			held[n.Name] = n
		}
	}
	names := map[string]bool{"": true}
	for _, name := range c.NamespaceNames() {
		names[name] = true
	}
	known := maps.Clone(names)
	for name := range revisions {
		names[name] = true
	}
	for name := range held {
		names[name] = true
	}
	all := make([]*NamespaceResult, 0, len(names))
	for _, name := range slices.Sorted(maps.Keys(names)) {
		n := held[name]
		if ch.everything || n == nil || len(revisions[name]) > 0 || !known[name] {
			n = a.composeOne(name, n, revisions[name], known[name] && name != "")
		}
		if known[name] || len(n.Findings) > 0 || len(n.Tallies) > 0 {
			all = append(all, n)
		}
	}
	return all
}

// composeOne returns what is said of one namespace. Where there is no such
// namespace, only the rules are tallied that have subjects there all the same.
func (a *Auditor) composeOne(name string, before *NamespaceResult, revisions []revision, exists bool) *NamespaceResult {
	n := &NamespaceResult{Name: name, Tallies: make([]*Tally, 0, len(a.places))}
	if before != nil {
		n.Findings = before.Findings
	}
	n.Findings = revise(n.Findings, revisions)
	for _, at := range a.places {
		var s *space
		if at.group != nil {
			s = at.group.spaces[name]
			if s != nil && (exists || len(s.records) > 0) {
				n.Tallies = append(n.Tallies, s.tallies[at.at])
			}
			continue
		}
		if s = at.alone.spaces[name]; s != nil {
			n.Tallies = append(n.Tallies, s.tallies[0])
		}
	}
	if before != nil && slices.Equal(before.Findings, n.Findings) && slices.EqualFunc(before.Tallies, n.Tallies, func(a, b *Tally) bool { return a == b || *a == *b }) {
		return before
	}
	return n
}

// revise takes findings that are gone out of an ordered list and puts new ones in.
func revise(findings []*Placed, revisions []revision) []*Placed {
	gone := map[*Placed]bool{}
	var come []*Placed
	for _, rev := range revisions {
		for _, r := range rev.gone {
			for i := range r.findings {
				gone[&r.findings[i]] = true
			}
		}
		for _, r := range rev.come {
			for i := range r.findings {
				come = append(come, &r.findings[i])
			}
		}
	}
	if len(gone) == 0 && len(come) == 0 {
		return findings
	}
	slices.SortStableFunc(come, CompareFindings)
	revised := make([]*Placed, 0, len(findings)+len(come)-len(gone))
	for _, f := range findings {
		if gone[f] {
			continue
		}
		for len(come) > 0 && CompareFindings(come[0], f) < 0 {
			revised, come = append(revised, come[0]), come[1:]
		}
		revised = append(revised, f)
	}
	if revised = append(revised, come...); len(revised) == 0 {
		return nil
	}
	return revised
}
