package audit

import (
	"fmt"
	"slices"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Tally counts what became of one rule in one namespace. Namespaces of which the
// same is true share one.
type Tally struct {
	Rule     *Rule
	Category string
	// Applicable is the number of subjects judged; Failing of them have a
	// finding that is not implied by another rule's.
	Applicable, Failing int
	// Extent is what a rule that measures ([Rule.Weight]) found, 0 to 1; 0 for
	// others, and where it found nothing.
	Extent float64
	// Unknown is the number of subjects for which no verdict was possible.
	Unknown int
	// Coverage is the share of the rule that could be judged, 0 to 1: less
	// where a resource it reads is blind or a subject is unknown.
	Coverage float64
	// Why says what was blind; "" at full coverage.
	Why string
}

// newTally returns the tally of a rule that has judged nothing yet: it has what
// is known of the resources that the rule reads in the namespace.
func newTally(c *kube.Cluster, r judged, namespace string) Tally {
	t := Tally{Rule: r.rule, Category: r.category, Coverage: 1}
	for _, resource := range r.rule.Reads {
		if s, blind := c.Blind(resource, namespace); blind {
			t.Coverage, t.Why = 0, whyBlind(s)
			return t
		}
	}
	readable, all := 0, 0
	builtIn := slices.ContainsFunc(r.rule.Subjects, func(resource kube.Resource) bool { return !resource.Custom() })
	for _, resource := range r.rule.Subjects {
		s, blind := c.Blind(resource, namespace)
		switch {
		case blind && builtIn && s.Moot(): // nobody knows yet whether there is such a kind
		case blind:
			all++
			t.Why = whyBlind(s)
		case !c.Lacks(resource, namespace): // or what nobody has installed would make up for what nobody may read
			all++
			readable++
		}
	}
	if all > 0 {
		t.Coverage = float64(readable) / float64(all)
	}
	return t
}

// count adds the verdict on one subject.
func (t *Tally) count(v verdict, why string) {
	switch v {
	case failed:
		t.Applicable++
		t.Failing++
	case passed:
		t.Applicable++
	case unknown:
		t.Unknown++
		t.Why = why
	case unread:
		t.Unknown++
	case notApplicable:
	}
}

// settled returns the tally with a coverage that is lower by the subjects that
// stayed unknown.
func (t Tally) settled() Tally {
	if t.Unknown > 0 && t.Coverage > 0 {
		t.Coverage *= float64(t.Applicable) / float64(t.Applicable+t.Unknown)
	}
	return t
}

func sameTally(a, b *Tally) bool { return a == b || *a == *b }

func whyBlind(s kube.State) string {
	if s.Reason == "" {
		return fmt.Sprintf("%s: %s", s.Resource, s.Phase)
	}
	return fmt.Sprintf("%s: %s", s.Resource, s.Reason)
}
