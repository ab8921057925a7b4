package audit

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Result is what rules say of one view.
type Result struct {
	Cluster    *kube.Cluster
	Categories []Category
	Findings   []Finding // ordered by [CompareFindings]
	Tallies    []Tally   // by namespace, category and rule
}

// Run judges a cluster by every rule of the categories.
func Run(c *kube.Cluster, categories []Category) *Result {
	r := &Result{Cluster: c, Categories: categories}
	for _, category := range categories {
		for _, rule := range category.Rules {
			p := &Pass{Cluster: c, Rule: rule, category: category.ID, tallies: map[string]*Tally{}}
			for _, namespace := range c.NamespaceNames() {
				p.tally(namespace)
			}
			rule.Check(p)
			r.Findings = append(r.Findings, p.findings...)
			for _, t := range p.tallies {
				t.settle()
				r.Tallies = append(r.Tallies, *t)
			}
		}
	}
	slices.SortFunc(r.Findings, func(a, b Finding) int { return CompareFindings(&a, &b) })
	slices.SortFunc(r.Tallies, func(a, b Tally) int {
		return cmp.Or(
			strings.Compare(a.Namespace, b.Namespace),
			strings.Compare(a.Category, b.Category),
			strings.Compare(a.Rule.ID, b.Rule.ID),
		)
	})
	return r
}

// tally returns the count for a namespace, which starts out with what is known
// of the resources that the rule reads there.
func (p *Pass) tally(namespace string) *Tally {
	t := p.tallies[namespace]
	if t != nil {
		return t
	}
	t = &Tally{Rule: p.Rule, Category: p.category, Namespace: namespace, Coverage: 1}
	p.tallies[namespace] = t
	for _, r := range p.Rule.Reads {
		if s, blind := p.Cluster.Blind(r, namespace); blind {
			t.Coverage, t.Why = 0, whyBlind(s)
			return t
		}
	}
	readable := len(p.Rule.Subjects)
	for _, r := range p.Rule.Subjects {
		if s, blind := p.Cluster.Blind(r, namespace); blind {
			readable--
			t.Why = whyBlind(s)
		}
	}
	if len(p.Rule.Subjects) > 0 {
		t.Coverage = float64(readable) / float64(len(p.Rule.Subjects))
	}
	return t
}

// settle lowers the coverage by the subjects that stayed unknown.
func (t *Tally) settle() {
	if t.Unknown > 0 && t.Coverage > 0 {
		t.Coverage *= float64(t.Applicable) / float64(t.Applicable+t.Unknown)
	}
}

func whyBlind(s kube.State) string {
	if s.Reason == "" {
		return fmt.Sprintf("%s: %s", s.Resource, s.Phase)
	}
	return fmt.Sprintf("%s: %s", s.Resource, s.Reason)
}
