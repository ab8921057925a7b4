package audit

import (
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Result is what rules say of one view. It never changes.
type Result struct {
	Cluster    *kube.Cluster
	Categories []Category
	// Namespaces is what they say of each, by name. The first is "", which has
	// what belongs to no namespace. One about which nothing changed is the same
	// as in the result before.
	Namespaces []*NamespaceResult
	// Terms say what it was judged under, nil if nothing was chosen.
	Terms *Terms
	// Complete is false if some rules judged an older view: see [Auditor.Glance].
	Complete bool
}

// Terms are what people chose before anything was judged.
type Terms struct {
	Profile   string // the profile of rules
	File      string // where it is written, "" if in no file
	On, Rules int    // the rules that are on, and all there are
}

// NamespaceResult is what rules say of one namespace. It never changes.
type NamespaceResult struct {
	Name     string
	Findings []*Placed // ordered by [CompareFindings]
	Tallies  []*Tally  // by category and rule
}

// Run judges a cluster by every rule of the categories.
func Run(c *kube.Cluster, categories []Category) *Result {
	return NewAuditor(categories, nil).Audit(c)
}

// Findings returns all findings, ordered by [CompareFindings].
func (r *Result) Findings() []*Placed {
	all := make([]*Placed, 0, r.Count())
	for _, n := range r.Namespaces {
		all = append(all, n.Findings...)
	}
	return all
}

// Count returns the number of findings.
func (r *Result) Count() int {
	count := 0
	for _, n := range r.Namespaces {
		count += len(n.Findings)
	}
	return count
}

// NamespaceTally is a tally and the namespace that it is of, "" for the cluster.
type NamespaceTally struct {
	Namespace string
	*Tally
}

// Tallies returns all tallies, by namespace, category and rule.
func (r *Result) Tallies() []NamespaceTally {
	var all []NamespaceTally
	for _, n := range r.Namespaces {
		for _, t := range n.Tallies {
			all = append(all, NamespaceTally{n.Name, t})
		}
	}
	return all
}
