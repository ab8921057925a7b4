package score

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Policy is what people have decided about a source. One is used by one Assessor.
type Policy interface {
	// Review returns a result as the policy sees it. A namespace about which
	// nothing changed since the result before is the same in both.
	Review(*audit.Result) *audit.Result
	// Group names the group that a namespace was put in, "" for none. [Platform]
	// and [Application] are as good as any other name.
	Group(c *kube.Cluster, namespace string) string
}

// Assessor assesses the views of one source, one after the other. A namespace
// about which nothing changed since the view before is neither judged nor scored
// again. An Assessor is for one goroutine; its Assessments are for all.
type Assessor struct {
	auditor *audit.Auditor
	policy  Policy // nil if nothing was decided
	held    map[*audit.NamespaceResult]*Namespace
}

// NewAssessor returns an Assessor that has seen no view yet. Meter is told what
// judging costs; it may be nil.
func NewAssessor(categories []audit.Category, meter audit.Meter) *Assessor {
	return &Assessor{auditor: audit.NewAuditor(categories, meter)}
}

// Under has what the Assessor assesses follow a policy, which may be nil. It is
// called before the first view, and returns the Assessor.
func (s *Assessor) Under(policy Policy) *Assessor {
	s.policy = policy
	return s
}

// Assess judges a view by every rule and scores what was found.
func (s *Assessor) Assess(c *kube.Cluster) *Assessment { return s.score(s.auditor.Audit(c)) }

// Glance is Assess but for the rules that look at the whole cluster, which may
// have judged an older view: see [audit.Auditor.Glance].
func (s *Assessor) Glance(c *kube.Cluster) *Assessment { return s.score(s.auditor.Glance(c)) }

// score scores a result and keeps the scores for the next one.
func (s *Assessor) score(r *audit.Result) *Assessment {
	if s.policy != nil {
		r = s.policy.Review(r)
	}
	a := &Assessment{Result: r}
	held := make(map[*audit.NamespaceResult]*Namespace, len(r.Namespaces))
	covered := mean{}
	names := r.Cluster.NamespaceNames()
	for _, result := range r.Namespaces {
		_, known := slices.BinarySearch(names, result.Name)
		if !known && result.Name != "" && len(result.Findings) == 0 {
			continue // no object of the view lives there, and nobody gives it power
		}
		subjects := judgedIn(result)
		if known {
			subjects = subjectsOf(r.Cluster, result.Name)
		}
		n := s.held[result]
		group := s.groupOf(r.Cluster, result.Name)
		if n == nil || n.Subjects != subjects || n.Group != group {
			n = newNamespace(result, subjects, group, r.Categories)
		}
		held[result] = n
		covered.sum, covered.weight = covered.sum+n.covered.sum, covered.weight+n.covered.weight
		if result.Name != "" || n.Scored || len(n.Findings) > 0 {
			a.Namespaces = append(a.Namespaces, n)
		}
	}
	s.held = held
	slices.SortStableFunc(a.Namespaces, compareNamespaces)
	a.Coverage = round(100 * covered.value())
	a.mean()
	return a
}

// groupOf returns the group of a namespace; "" is the cluster's row.
func (s *Assessor) groupOf(c *kube.Cluster, namespace string) Group {
	if namespace == "" {
		return Wide
	}
	if s.policy != nil {
		if name := s.policy.Group(c, namespace); name != "" {
			return Group(name)
		}
	}
	if kube.Platform(namespace) {
		return Platform
	}
	return Application
}

// Assess judges a cluster and scores what was found.
func Assess(c *kube.Cluster, categories []audit.Category) *Assessment {
	return NewAssessor(categories, nil).Assess(c)
}
