package scope

import (
	"cmp"
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Unbounded is how far rules with wildcards are from having bounds: those that the
// ServiceAccounts of a namespace have, and that its RoleBindings give to anybody.
type Unbounded struct {
	Extent float64
	// Worst are those with the fewest bounds, two at the most.
	Worst []Wildcard
}

// Wildcard is a rule with a wildcard as a binding grants it.
type Wildcard struct {
	Binding *access.Binding
	Rule    int // of the role
	Extent  float64
}

func compareWildcards(a, b Wildcard) int {
	return cmp.Or(cmp.Compare(b.Extent, a.Extent), kube.CompareRefs(a.Binding.Ref, b.Binding.Ref))
}

const (
	everyRight   = 1.0 // all verbs on all resources
	oneGroup     = 0.6 // the same of one group, or in one namespace
	oneWildcard  = 0.3 // all verbs, or all resources
	oneNamespace = 0.5 // what is left of it in one namespace
)

// allWildcards finds the worst rules by the namespaces in which they count.
func (g *grants) allWildcards() map[string][]Wildcard {
	found := map[string]*firsts[Wildcard]{}
	for _, b := range g.index.Bindings {
		worst := worstOf(b)
		if worst.Extent == 0 {
			continue
		}
		for _, namespace := range g.concerned(b) {
			if found[namespace] == nil {
				found[namespace] = &firsts[Wildcard]{order: compareWildcards}
			}
			found[namespace].add(worst)
		}
	}
	all := make(map[string][]Wildcard, len(found))
	for namespace, worst := range found {
		all[namespace] = worst.all
	}
	return all
}

// worstOf returns the rule of a binding that has the fewest bounds.
func worstOf(b *access.Binding) Wildcard {
	worst := Wildcard{Binding: b}
	for i := range b.Rules {
		if x := boundless(&b.Rules[i]); x > worst.Extent {
			worst.Rule, worst.Extent = i, x
		}
	}
	if !b.Wide() {
		worst.Extent = oneNamespace * min(worst.Extent, oneGroup)
	}
	return worst
}

// boundless returns how far a rule is from having bounds. What is for single
// objects has bounds.
func boundless(r *rbacv1.PolicyRule) float64 {
	if len(r.ResourceNames) > 0 || len(r.Resources) == 0 {
		return 0
	}
	verbs, resources := slices.Contains(r.Verbs, rbacv1.VerbAll), slices.Contains(r.Resources, rbacv1.ResourceAll)
	switch {
	case verbs && resources && slices.Contains(r.APIGroups, rbacv1.APIGroupAll):
		return everyRight
	case verbs && resources:
		return oneGroup
	case verbs || resources:
		return oneWildcard
	}
	return 0
}

func (m *measuring) unbounded(namespace string) Unbounded {
	worst := firsts[Wildcard]{order: compareWildcards}
	for _, where := range []string{everywhere, namespace} {
		for _, r := range m.wildcards[where] {
			if !slices.ContainsFunc(worst.all, func(known Wildcard) bool { return known.Binding == r.Binding }) {
				worst.add(r)
			}
		}
	}
	if len(worst.all) == 0 {
		return Unbounded{}
	}
	return Unbounded{worst.all[0].Extent, worst.all}
}
