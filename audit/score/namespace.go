package score

import (
	"math"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

func newNamespace(r *audit.Result, name string) *Namespace {
	n := &Namespace{Name: name, Group: Application, Counts: map[audit.Severity]int{}, ledger: newLedger()}
	c := r.Cluster
	switch {
	case name == "":
		n.Name, n.Group = ClusterWide, Wide
		for i := range r.Tallies {
			if t := &r.Tallies[i]; t.Namespace == "" {
				n.Subjects = max(n.Subjects, t.Applicable)
			}
		}
		return n
	case kube.Platform(name):
		n.Group = Platform
	}
	// What every namespace is born with (its default ServiceAccount, the root
	// certificate) makes no subject.
	n.Subjects = len(c.WorkloadsIn(name)) + len(c.Services.In(name)) + len(c.Ingresses.In(name)) +
		len(c.NetworkPolicies.In(name)) + len(c.HorizontalPodAutoscalers.In(name)) +
		len(c.PodDisruptionBudgets.In(name)) + len(c.RoleBindings.In(name)) +
		len(c.PersistentVolumeClaims.In(name))
	return n
}

// settle computes the score once every finding and tally is in.
func (n *Namespace) settle(categories []audit.Category) {
	n.ledger.close()
	a := n.ledger.evaluate(nil)
	n.Scored = n.Subjects > 0 && len(n.ledger.weights) > 0
	if n.Scored {
		n.Score, n.Uncapped, n.Capped = round(a.score), round(a.raw), a.capped
		n.Grade = Grade(n.Score, n.Coverage)
		n.price(a)
	}
	points := map[string]float64{}
	counts := map[string]map[audit.Severity]int{}
	for _, f := range n.Findings {
		points[f.Category] += f.Points
		if counts[f.Category] == nil {
			counts[f.Category] = map[audit.Severity]int{}
		}
		if f.Implied == "" {
			counts[f.Category][f.Severity]++
		}
	}
	for _, c := range categories {
		_, applies := n.ledger.weights[c.ID]
		n.Categories = append(n.Categories, CategoryScore{
			ID: c.ID, Title: c.Title, Heart: c.Heart, Scored: applies && n.Scored,
			Score: round(categoryScore(a.sums[c.ID])), Points: math.Round(100*points[c.ID]) / 100, Counts: counts[c.ID],
		})
	}
}

// mean scores the cluster from its namespaces.
func (a *Assessment) mean() {
	application, platform := mean{}, mean{}
	for _, n := range a.Namespaces {
		if !n.Scored {
			continue
		}
		m := &application
		if n.Group == Platform {
			m = &platform
		}
		m.add(n.Score, math.Log2(1+float64(n.Subjects)))
	}
	if platform.weight > 0 {
		a.Platform = new(round(platform.value()))
	}
	of := func(n *Namespace) bool { return n.Scored && n.Group != Platform }
	all := application
	if all.weight == 0 {
		all, of = platform, func(n *Namespace) bool { return n.Scored }
	}
	if a.Scored = all.weight > 0; a.Scored {
		a.Score = round(all.value())
		a.Grade = Grade(a.Score, a.Coverage)
	}
	for i, c := range a.Result.Categories {
		total := CategoryScore{ID: c.ID, Title: c.Title, Heart: c.Heart, Counts: map[audit.Severity]int{}}
		scores, points := mean{}, mean{}
		for _, n := range a.Namespaces {
			part := n.Categories[i]
			for severity, count := range part.Counts {
				total.Counts[severity] += count
			}
			if !of(n) {
				continue
			}
			weight := math.Log2(1 + float64(n.Subjects))
			points.add(part.Points, weight)
			if part.Scored {
				scores.add(part.Score, weight)
			}
		}
		if total.Scored = scores.weight > 0; total.Scored {
			total.Score = round(scores.value())
		}
		total.Points = math.Round(100*points.value()) / 100
		a.Categories = append(a.Categories, total)
	}
}
