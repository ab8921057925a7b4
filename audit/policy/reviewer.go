package policy

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Reviewer goes over the results of one source, one after the other, and marks
// in them what the policy has to say: the findings that are accepted, and the
// exemptions that should go. A namespace for which nothing changed is the same
// in the next result. A Reviewer is for one goroutine.
type Reviewer struct {
	policy         *Policy
	terms          *audit.Terms
	known          map[string]bool // the IDs of all rules
	on             []string        // those of the rules that are on
	expired, stale *audit.Rule     // nil if off
	chapters       map[string]*chapter
}

// chapter is what was made of one namespace.
type chapter struct {
	in        *audit.NamespaceResult
	exempting []*Exemption        // those in force that reach it
	accepted  []*audit.Acceptance // by finding; nil where it is not accepted
	used      []*Exemption        // those of exempting that cover a finding
	blind     []string            // rules that could not judge everything here
	added     []*audit.Placed     // about exemptions
	out       *audit.NamespaceResult
}

// NewReviewer returns a Reviewer that has seen no result yet. Categories are all
// there are, also those rules that are off.
func (p *Policy) NewReviewer(categories []audit.Category) *Reviewer {
	r := &Reviewer{policy: p, terms: p.Terms(categories), known: map[string]bool{}}
	for _, c := range categories {
		for _, rule := range c.Rules {
			r.known[rule.ID] = true
			if judges(rule) && p.Enabled(c.ID, rule) {
				r.on = append(r.on, rule.ID)
			}
		}
	}
	own := func(rule *audit.Rule) *audit.Rule {
		set, err := p.Set(rule)
		if err != nil || !p.Enabled(hygiene, rule) {
			return nil // err is about parameters, of which they have none
		}
		return set
	}
	r.expired, r.stale = own(expired), own(stale)
	return r
}

// Group returns the name of the group that a namespace was put in, "" if in none.
func (r *Reviewer) Group(c *kube.Cluster, namespace string) string {
	return r.policy.Group(c, namespace)
}

// Review returns a result as the policy sees it. What it was given stays as it is.
func (r *Reviewer) Review(result *audit.Result) *audit.Result {
	reviewed := *result
	reviewed.Terms = r.terms
	all := r.exemptions(result.Cluster)
	if len(all) == 0 && r.chapters == nil {
		return &reviewed
	}
	now := result.Cluster.Time.UTC()
	force := slices.DeleteFunc(slices.Clone(all), func(e *Exemption) bool { return e.expired(now) })
	chapters := make(map[string]*chapter, len(result.Namespaces))
	for _, n := range result.Namespaces {
		chapters[n.Name] = accept(result.Cluster, n, r.chapters[n.Name], force)
	}
	added := r.judge(result.Cluster, all, now, chapters)
	reviewed.Namespaces = make([]*audit.NamespaceResult, len(result.Namespaces))
	for i, n := range result.Namespaces {
		c := chapters[n.Name]
		c.write(r.chapters[n.Name], added[n.Name], all)
		reviewed.Namespaces[i] = c.out
	}
	r.chapters = chapters
	return &reviewed
}

// exemptions returns those of the file and then those of annotations.
func (r *Reviewer) exemptions(c *kube.Cluster) []*Exemption { return r.policy.exemptionsOf(c) }

// exemptionsOf returns those of the file and then those of a view's annotations.
func (p *Policy) exemptionsOf(c *kube.Cluster) []*Exemption {
	all := p.exemptions
	if p.IgnoreAnnotations {
		return all
	}
	all = slices.Clip(all)
	for _, d := range annotations {
		all = append(all, d.Of(c)...)
	}
	return all
}

// accept says which findings of a namespace are accepted.
func accept(c *kube.Cluster, n *audit.NamespaceResult, before *chapter, force []*Exemption) *chapter {
	next := &chapter{in: n}
	fixed := true // the same findings are accepted as long as the findings are the same
	for _, e := range force {
		if e.reaches(n.Name) {
			next.exempting = append(next.exempting, e)
			fixed = fixed && len(e.Labels) == 0
		}
	}
	if before != nil && before.in == n {
		next.blind = before.blind
		if fixed && slices.Equal(before.exempting, next.exempting) {
			next.accepted, next.used = before.accepted, before.used
			return next
		}
	} else {
		for i := range n.Tallies {
			if n.Tallies[i].Coverage < 1 {
				next.blind = append(next.blind, n.Tallies[i].Rule.ID)
			}
		}
	}
	next.match(c)
	return next
}

// match matches the findings of the namespace with the exemptions that reach it.
// Where several cover a finding, the first counts.
func (c *chapter) match(view *kube.Cluster) {
	if len(c.exempting) == 0 {
		return
	}
	c.accepted = make([]*audit.Acceptance, len(c.in.Findings))
	for _, e := range c.exempting {
		used := false
		for i, f := range c.in.Findings {
			if !e.covers(view, f) {
				continue
			}
			used = true
			if c.accepted[i] == nil {
				c.accepted[i] = &e.Acceptance
			}
		}
		if used {
			c.used = append(c.used, e)
		}
	}
}

// counted returns how many exemptions are judged in a namespace.
func counted(all []*Exemption, namespace string) int {
	count := 0
	for _, e := range all {
		if e.place() == namespace {
			count++
		}
	}
	return count
}

// write makes the namespace as the policy sees it, the same as before if it is.
func (c *chapter) write(before *chapter, added []*audit.Placed, all []*Exemption) {
	c.added = added
	if before != nil && before.in == c.in && slices.EqualFunc(before.accepted, c.accepted, sameAcceptance) &&
		slices.EqualFunc(before.added, c.added, sameAdded) {
		c.out = before.out
		return
	}
	if c.out = c.in; len(c.used) == 0 && len(added) == 0 {
		return
	}
	out := *c.in
	c.out = &out
	out.Findings = slices.Clone(c.in.Findings)
	for i, acceptance := range c.accepted {
		if acceptance != nil {
			f := *out.Findings[i]
			f.Accepted = acceptance
			out.Findings[i] = &f
		}
	}
	if len(added) > 0 {
		out.Findings = append(out.Findings, added...)
		slices.SortStableFunc(out.Findings, audit.CompareFindings)
		out.Tallies = tallied(out.Tallies, added, max(counted(all, out.Name), len(added)))
	}
}

func sameAcceptance(a, b *audit.Acceptance) bool { return a == b || a != nil && b != nil && *a == *b }

// sameAdded reports whether two findings about exemptions say the same.
func sameAdded(a, b *audit.Placed) bool {
	return a.Rule == b.Rule && a.Subject == b.Subject && a.Message == b.Message && a.Detail == b.Detail
}
