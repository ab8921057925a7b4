package overview

import (
	"cmp"
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
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

// mostGains returns the best gains, the best first.
func mostGains(a *score.Assessment) []gain {
	gains := []gain{}
	seen := 0
	for _, n := range a.Namespaces {
		if !n.Scored || n.Group == score.Platform {
			continue
		}
		if seen++; seen > gainNamespaces {
			break
		}
		for _, rule := range dearest(n) {
			if points := n.GainOfRule(rule); points > 0 {
				gains = append(gains, gain{rule.ID, n.Name, points})
			}
		}
	}
	slices.SortStableFunc(gains, func(a, b gain) int { return cmp.Compare(b.points, a.points) })
	return gains
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
