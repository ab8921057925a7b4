package audit

import (
	"maps"
	"slices"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Fixer works out how the findings of one view can be cleared. A result holds
// hundreds of thousands of findings on a large cluster, and people look at the
// fixes of a few: so a Result keeps none, and the rule is asked again. A Fixer is
// for one goroutine.
type Fixer struct {
	cluster *kube.Cluster
	own     map[*Rule]map[Subject]any // the subjects of rules that list them themselves
}

// NewFixer returns a Fixer for the findings of a view's [Result].
func NewFixer(c *kube.Cluster) *Fixer {
	return &Fixer{cluster: c, own: map[*Rule]map[Subject]any{}}
}

// Fixes returns the alternatives, best first; nil where a person must decide, and
// where the view does not have what was found (any more).
func (x *Fixer) Fixes(f *Placed) []Fix {
	if !f.Fixable {
		return nil
	}
	if again := x.again(f); again != nil {
		return again.Fixes
	}
	return nil
}

// Placeholder returns what a person would have to fill in where there is no fix,
// nil if nothing is known of that either. It is to be shown, and never to be made.
// Rules that are judged as a whole have none: asking them takes too long.
func (x *Fixer) Placeholder(f *Placed) *Fix {
	if f.Fixable || f.Rule.Whole() {
		return nil
	}
	if again := x.again(f); again != nil {
		return again.Placeholder
	}
	return nil
}

// again asks the rule for a finding once more; nil if it does not find it.
func (x *Fixer) again(f *Placed) *Finding {
	subject := Subject{f.Subject, f.Namespace}
	value, ok := x.find(f.Rule, subject)
	if !ok {
		return nil
	}
	p := &Pass{Cluster: x.cluster}
	p.judgeSubject(&judged{f.Rule, f.Category}, subject, value)
	i := slices.IndexFunc(p.found, func(g Placed) bool {
		return g.Container == f.Container && g.Path == f.Path && g.Message == f.Message && g.Detail == f.Detail
	})
	if i < 0 {
		return nil
	}
	return p.found[i].Finding
}

// find returns the value that a rule judges for a subject.
func (x *Fixer) find(r *Rule, subject Subject) (any, bool) {
	l := r.Check.listing
	if l.all == nil {
		for s, value := range l.in(x.cluster, subject.Namespace) {
			if s == subject {
				return value, true
			}
		}
		return nil, false
	}
	if x.own[r] == nil {
		x.own[r] = maps.Collect(l.all(x.cluster))
	}
	value, ok := x.own[r][subject]
	return value, ok
}
