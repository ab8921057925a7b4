package compare

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// Assessments compares two assessments.
func Assessments(before, after *score.Assessment) *Comparison {
	c := &Comparison{Before: before, After: after, Apart: apart(before, after)}
	from, to := newSide(before), newSide(after)
	var gone, came []Change // candidates for what moved
	for _, name := range names(from, to) {
		was, is := from.scored[name], to.scored[name]
		if was == is {
			c.Same += len(was.Findings)
			continue
		}
		p := pair(findings(was), findings(is))
		for _, found := range p.pairs {
			if kind := became(found.before, found.after); kind != 0 {
				c.Changes = append(c.Changes, Change{Kind: kind, Before: found.before, After: found.after})
			} else {
				c.Same++
			}
		}
		for _, f := range p.before {
			change := Change{Kind: Fixed, Before: f}
			var fate fate
			if fate, change.Why = absence(f, from, to); fate == objectAbsent {
				change.Kind = Gone
				gone = append(gone, change)
				continue
			} else if fate == unseen {
				change.Kind = Unknown
			}
			c.Changes = append(c.Changes, change)
		}
		for _, f := range p.after {
			change := Change{Kind: New, After: f}
			var fate fate
			if fate, change.Why = absence(f, to, from); fate == objectAbsent {
				change.Kind = Came
				came = append(came, change)
				continue
			} else if fate == unseen {
				change.Kind = Revealed
			}
			c.Changes = append(c.Changes, change)
		}
	}
	c.Changes = append(c.Changes, moves(gone, came)...)
	slices.SortFunc(c.Changes, compareChanges)
	c.sum(from, to)
	return c
}

// names returns the names of the namespaces of both sides, sorted.
func names(from, to *side) []string {
	var all []string
	for name := range from.scored {
		all = append(all, name)
	}
	for name := range to.scored {
		if from.scored[name] == nil {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

func findings(n *score.Namespace) []*score.Finding {
	if n == nil {
		return nil
	}
	return n.Findings
}

// became says how a finding that is on both sides differs, 0 if it does not.
func became(before, after *score.Finding) Kind {
	switch {
	case before.Accepted == nil && after.Accepted != nil:
		return Accepted
	case before.Accepted != nil && after.Accepted == nil:
		return Reopened
	case before.Severity < after.Severity:
		return Worse
	case before.Severity > after.Severity:
		return Better
	}
	return 0
}

// compareChanges orders changes. No two that differ are equal: the last resort is the
// order of what is said.
func compareChanges(a, b Change) int {
	f, g := a.Finding().Placed, b.Finding().Placed
	return cmp.Or(
		cmp.Compare(a.Kind, b.Kind),
		cmp.Compare(b.Severity(), a.Severity()),
		audit.CompareFindings(f, g),
		comparePrevious(a.Before, b.Before),
	)
}

func comparePrevious(a, b *score.Finding) int {
	if a == nil || b == nil {
		return 0
	}
	return audit.CompareFindings(a.Placed, b.Placed)
}

// sum counts the changes and puts the scores of both sides beside each other.
func (c *Comparison) sum(from, to *side) {
	spaces, categories := map[string]*Counts{}, map[string]*Counts{}
	count := func(all map[string]*Counts, name string, k Kind) {
		if all[name] == nil {
			all[name] = &Counts{}
		}
		all[name][k]++
	}
	for i := range c.Changes {
		change := &c.Changes[i]
		f := change.Finding()
		c.Counts[change.Kind]++
		count(spaces, f.Home().Name, change.Kind)
		count(categories, f.Category, change.Kind)
	}
	for _, name := range names(from, to) {
		n := Namespace{Name: name, Before: from.scored[name], After: to.scored[name]}
		if counts := spaces[name]; counts != nil {
			n.Counts = *counts
		}
		if delta, both := n.Delta(); n.Counts.Total() > 0 || both && delta != 0 || (n.Before == nil) != (n.After == nil) {
			c.Namespaces = append(c.Namespaces, n)
		}
	}
	slices.SortStableFunc(c.Namespaces, func(a, b Namespace) int {
		x, _ := a.Delta()
		y, _ := b.Delta()
		return cmp.Compare(x, y)
	})
	c.categories(categories)
}

// categories puts the categories of both sides beside each other.
func (c *Comparison) categories(counts map[string]*Counts) {
	at := map[string]int{}
	for _, was := range c.Before.Categories {
		at[was.ID] = len(c.Categories)
		c.Categories = append(c.Categories, Category{ID: was.ID, Title: was.Title, Before: was})
	}
	for _, is := range c.After.Categories {
		i, known := at[is.ID]
		if !known {
			i = len(c.Categories)
			c.Categories = append(c.Categories, Category{ID: is.ID})
		}
		c.Categories[i].Title, c.Categories[i].After = is.Title, is
	}
	for i := range c.Categories {
		if n := counts[c.Categories[i].ID]; n != nil {
			c.Categories[i].Counts = *n
		}
	}
}

// apart says why two assessments are not comparable.
func apart(before, after *score.Assessment) []string {
	var reasons []string
	add := func(differ bool, reason string) {
		if differ {
			reasons = append(reasons, reason)
		}
	}
	was, is := before.Cluster.Info, after.Cluster.Info
	add(was.Server != is.Server && was.Server != "" && is.Server != "", "they are of two servers, "+was.Server+" and "+is.Server)
	add(was.Offline != is.Offline, "one is of manifests, the other of a cluster")
	add(!slices.Equal(was.Scope, is.Scope), "one looks at "+scope(was.Scope)+", the other at "+scope(is.Scope))
	if profiles := [2]string{profile(before), profile(after)}; profiles[0] != profiles[1] {
		add(true, "one is judged by profile "+profiles[0]+", the other by "+profiles[1])
	}
	add(!slices.Equal(judgedBy(before), judgedBy(after)), "they are not judged by the same rules at the same severities")
	const close = 1 // percent
	if math.Abs(before.Coverage-after.Coverage) >= close {
		add(true, fmt.Sprintf("one could judge %.0f %% of what there is to judge, the other %.0f %%", before.Coverage, after.Coverage))
	}
	return reasons
}

func scope(namespaces []string) string {
	if len(namespaces) == 0 {
		return "all namespaces"
	}
	return strings.Join(namespaces, ", ")
}

func profile(a *score.Assessment) string {
	if a.Terms == nil {
		return "of its own"
	}
	return a.Terms.Profile
}

// judgedBy names what an assessment was judged by.
func judgedBy(a *score.Assessment) []string {
	var all []string
	for _, category := range a.Result.Categories {
		for _, r := range category.Rules {
			all = append(all, r.ID+" "+r.Severity.String())
		}
	}
	slices.Sort(all)
	return all
}
