package proof

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Score is what a change does to the scores.
type Score struct {
	Before, After float64 // of the cluster, 0 to 100; meaningless unless Scored
	Scored        bool
	// Namespaces are those whose score changes, by name, [score.ClusterWide] among
	// them.
	Namespaces []NamespaceScore
	// Cleared and Raised are how many open findings there are less and more.
	Cleared, Raised int
}

// NamespaceScore is what a change does to one namespace.
type NamespaceScore struct {
	Name          string
	Before, After float64 // 0 to 100; 100 where there is nothing to score
}

// scoreOf judges a changed view by the rules of an assessment, and compares.
func scoreOf(before *score.Assessment, view *kube.Cluster) Score {
	after := assess(before, view)
	s := Score{Before: before.Score, After: after.Score, Scored: before.Scored && after.Scored}
	was := map[string]*score.Namespace{}
	for _, n := range before.Namespaces {
		was[n.Name] = n
	}
	for _, n := range after.Namespaces {
		old := was[n.Name]
		delete(was, n.Name)
		s.compare(old, n)
	}
	for _, name := range slices.Sorted(maps.Keys(was)) {
		s.compare(was[name], nil)
	}
	slices.SortFunc(s.Namespaces, func(a, b NamespaceScore) int { return strings.Compare(a.Name, b.Name) })
	return s
}

// compare adds what becomes of a namespace; either may be nil.
func (s *Score) compare(before, after *score.Namespace) {
	if before == after {
		return
	}
	was, is := open(before), open(after)
	for id, n := range was {
		s.Cleared += max(0, n-is[id])
	}
	for id, n := range is {
		s.Raised += max(0, n-was[id])
	}
	if a, b := points(before), points(after); a != b {
		if before == nil {
			before = after
		}
		s.Namespaces = append(s.Namespaces, NamespaceScore{before.Name, a, b})
	}
}

// open counts the findings of a namespace that are open, by their ID.
func open(n *score.Namespace) map[string]int {
	counts := map[string]int{}
	if n == nil {
		return counts
	}
	for _, f := range n.Findings {
		if f.Open() {
			counts[f.ID()]++
		}
	}
	return counts
}

func points(n *score.Namespace) float64 {
	if n == nil || !n.Scored {
		return 100
	}
	return n.Score
}

// assess judges a changed view and scores it. Rules that look at nothing that
// changed say what they said.
func assess(before *score.Assessment, view *kube.Cluster) *score.Assessment {
	again, categories := concerned(before, view)
	said := audit.NewAuditor(categories, nil).Beside(before.Result.Categories).Audit(view)
	merged := *before.Result
	merged.Cluster = view
	merged.Namespaces = nil
	byName := map[string]*audit.NamespaceResult{}
	for _, n := range said.Namespaces {
		byName[n.Name] = n
	}
	for _, n := range before.Result.Namespaces {
		is := byName[n.Name]
		delete(byName, n.Name)
		merged.Namespaces = append(merged.Namespaces, merge(n, is, again))
	}
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		merged.Namespaces = append(merged.Namespaces, byName[name])
	}
	slices.SortFunc(merged.Namespaces, func(a, b *audit.NamespaceResult) int { return strings.Compare(a.Name, b.Name) })
	return before.Again(&merged, groupsOf(before))
}

// concerned returns the rules that may say something else of a changed view: all of
// them where there are other namespaces than before.
func concerned(before *score.Assessment, view *kube.Cluster) (map[*audit.Rule]bool, []audit.Category) {
	changed := map[kube.Resource]bool{}
	for c := range kube.Changes(before.Cluster, view) {
		changed[c.Resource] = true
	}
	all := !slices.Equal(before.Cluster.NamespaceNames(), view.NamespaceNames())
	again := map[*audit.Rule]bool{}
	var categories []audit.Category
	for _, category := range before.Result.Categories {
		rules := category.Rules
		category.Rules = nil
		for _, r := range rules {
			looksAt := slices.Concat(r.Subjects, r.Reads, r.Consults)
			if all || slices.ContainsFunc(looksAt, func(r kube.Resource) bool { return changed[r] }) {
				again[r] = true
				category.Rules = append(category.Rules, r)
			}
		}
		categories = append(categories, category)
	}
	return again, categories
}

// merge puts what some rules say now in the place of what they said of a namespace;
// is is nil if they say nothing of it. It returns the same result if they say the
// same. What was accepted stays accepted.
func merge(was, is *audit.NamespaceResult, again map[*audit.Rule]bool) *audit.NamespaceResult {
	if is == nil {
		is = &audit.NamespaceResult{Name: was.Name}
	}
	accepted := map[string]*audit.Acceptance{}
	var old []*audit.Placed
	merged := &audit.NamespaceResult{Name: was.Name}
	for _, f := range was.Findings {
		if !again[f.Rule] {
			merged.Findings = append(merged.Findings, f)
			continue
		}
		old = append(old, f)
		if f.Accepted != nil {
			accepted[f.ID()] = f.Accepted
		}
	}
	fresh := slices.Clone(is.Findings)
	for i, f := range fresh {
		if why := accepted[f.ID()]; why != nil {
			kept := *f
			kept.Accepted = why
			fresh[i] = &kept
		}
	}
	var tallies []*audit.Tally
	for _, t := range was.Tallies {
		if again[t.Rule] {
			tallies = append(tallies, t)
		} else {
			merged.Tallies = append(merged.Tallies, t)
		}
	}
	if slices.EqualFunc(old, fresh, alike) && slices.EqualFunc(tallies, is.Tallies, func(a, b *audit.Tally) bool { return *a == *b }) {
		return was
	}
	merged.Findings = append(merged.Findings, fresh...)
	slices.SortStableFunc(merged.Findings, audit.CompareFindings)
	merged.Tallies = append(merged.Tallies, is.Tallies...)
	slices.SortStableFunc(merged.Tallies, func(a, b *audit.Tally) int {
		return cmp.Or(strings.Compare(a.Category, b.Category), strings.Compare(a.Rule.ID, b.Rule.ID))
	})
	return merged
}

// alike reports whether two findings cost the same and read the same.
func alike(a, b *audit.Placed) bool {
	return a.Rule == b.Rule && a.Severity == b.Severity && *a.Place == *b.Place && a.Container == b.Container &&
		a.Path == b.Path && a.Message == b.Message && a.Detail == b.Detail && a.Implied == b.Implied &&
		a.Accepted == b.Accepted
}

// groups is the policy of a changed view: what was decided before holds.
type groups map[string]score.Group

func groupsOf(a *score.Assessment) groups {
	all := groups{}
	for _, n := range a.Namespaces {
		all[n.Name] = n.Group
	}
	return all
}

// Review returns a result as it is: it has been reviewed.
func (groups) Review(r *audit.Result) *audit.Result { return r }

// Group returns the group that a namespace was in, "" for one that is new.
func (g groups) Group(_ *kube.Cluster, namespace string) string { return string(g[namespace]) }
