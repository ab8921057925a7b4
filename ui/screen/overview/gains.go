package overview

import (
	"cmp"
	"context"
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// How much of the cluster is searched for what gains most: the worst namespaces,
// and in each the rules that cost most. Every candidate is scored again.
const (
	gainNamespaces = 8
	gainRules      = 5
)

// gain is what clearing a rule everywhere in a namespace would bring it.
type gain struct {
	rule, namespace string
	points          float64
}

// gains are what gains most in an assessment.
type gains struct {
	of   *score.Assessment // nil before the first search
	most []gain            // the best first
	// each is what was found in a namespace. It still holds while the namespace
	// is the same: then nothing about it has changed.
	each map[*score.Namespace][]gain
}

// worstNamespaces returns the namespaces that are searched.
func worstNamespaces(a *score.Assessment) []*score.Namespace {
	var worst []*score.Namespace
	for _, n := range a.Namespaces {
		if n.Scored && n.Group != score.Platform && len(worst) < gainNamespaces {
			worst = append(worst, n)
		}
	}
	return worst
}

// searched is how many findings a search goes through.
func searched(a *score.Assessment) int {
	count := 0
	for _, n := range worstNamespaces(a) {
		count += len(n.Findings)
	}
	return count
}

// searchGains returns the job that finds what gains most.
func (s *Screen) searchGains() screen.Job {
	before, a := s.gains, s.shown
	if before.of == a {
		return nil
	}
	return func(ctx context.Context) func() {
		found, ok := before.next(ctx, a)
		if !ok {
			return nil
		}
		return func() { s.gains = found }
	}
}

// next returns the gains in a newer assessment; false if the context ended before.
func (g gains) next(ctx context.Context, a *score.Assessment) (gains, bool) {
	found := gains{of: a, each: map[*score.Namespace][]gain{}}
	for _, n := range worstNamespaces(a) {
		if ctx.Err() != nil {
			return gains{}, false
		}
		list, known := g.each[n]
		if !known {
			for _, rule := range dearest(n) {
				if points := n.GainOfRule(rule); points > 0 {
					list = append(list, gain{rule.ID, n.Name, points})
				}
			}
		}
		found.each[n] = list
		found.most = append(found.most, list...)
	}
	slices.SortStableFunc(found.most, func(a, b gain) int { return cmp.Compare(b.points, a.points) })
	return found, true
}

// dearest returns the rules that cost a namespace most.
func dearest(n *score.Namespace) []*audit.Rule {
	cost := map[*audit.Rule]float64{}
	var rules []*audit.Rule
	for _, f := range n.Findings {
		if _, ok := cost[f.Rule]; !ok {
			rules = append(rules, f.Rule)
		}
		cost[f.Rule] += f.Points
	}
	slices.SortStableFunc(rules, func(a, b *audit.Rule) int { return cmp.Compare(cost[b], cost[a]) })
	return rules[:min(gainRules, len(rules))]
}
