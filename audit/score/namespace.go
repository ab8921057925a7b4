package score

import (
	"math"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// subjectsOf counts what is deployed or granted in a namespace. What every
// namespace is born with (its default ServiceAccount, the root certificate)
// makes no subject.
func subjectsOf(c *kube.Cluster, name string) int {
	return len(c.WorkloadsIn(name)) + len(c.Services.In(name)) + len(c.Ingresses.In(name)) +
		len(c.NetworkPolicies.In(name)) + len(c.HorizontalPodAutoscalers.In(name)) +
		len(c.PodDisruptionBudgets.In(name)) + len(c.RoleBindings.In(name)) +
		len(c.PersistentVolumeClaims.In(name))
}

// judgedIn counts the subjects of where no object lives: of the cluster as such,
// and of a namespace that is known by the power it is given alone.
func judgedIn(r *audit.NamespaceResult) int {
	most := 0
	for i := range r.Tallies {
		most = max(most, r.Tallies[i].Applicable)
	}
	return most
}

// newNamespace scores what is said of a namespace.
func newNamespace(r *audit.NamespaceResult, subjects int, group Group, categories []audit.Category) *Namespace {
	n := &Namespace{
		Name: r.Name, Group: group, Subjects: subjects,
		Findings: make([]*Finding, len(r.Findings)), weight: math.Log2(1 + float64(subjects)),
	}
	if r.Name == "" {
		n.Name = ClusterWide
	}
	findings := make([]Finding, len(r.Findings))
	for i, f := range r.Findings {
		findings[i] = Finding{Placed: f, namespace: n}
		n.Findings[i] = &findings[i]
		switch {
		case f.Accepted != nil:
			n.Accepted++
		case f.Implied == "":
			n.Counts[f.Severity]++
		}
	}
	weights := make(map[string]float64, len(categories))
	for _, c := range categories {
		weights[c.ID] = c.Weight
	}
	for i := range r.Tallies {
		if weights[r.Tallies[i].Category] == 0 {
			continue
		}
		n.covered.add(r.Tallies[i].Coverage, 1)
	}
	n.Coverage = 100
	if n.covered.weight > 0 {
		n.Coverage = round(100 * n.covered.value())
	}
	var parts []part // of which nothing is kept: there are as many as findings
	n.ledger, parts = newLedger(n.Findings, r.Tallies, weights, (*audit.Placed).Open)
	n.settle(categories, parts)
	n.Raw = n.Score
	if n.Scored && n.Accepted > 0 {
		all := func(f *audit.Placed) bool { return f.Implied == "" }
		raw, _ := newLedger(n.Findings, r.Tallies, weights, all)
		n.Raw = round(raw.evaluate(nil).score)
	}
	return n
}

// settle computes the score from the ledger.
func (n *Namespace) settle(categories []audit.Category, parts []part) {
	a := n.ledger.evaluate(nil)
	n.Scored = n.Subjects > 0 && len(n.ledger.weights) > 0
	if n.Scored {
		n.Score, n.Uncapped, n.Capped = round(a.score), round(a.raw), a.capped
		n.Grade = Grade(n.Score, n.Coverage)
		n.price(a, parts)
	}
	byCategory := map[string]*CategoryScore{}
	for _, p := range parts {
		c := byCategory[p.entry.category]
		if c == nil {
			c = &CategoryScore{}
			byCategory[p.entry.category] = c
		}
		for _, f := range n.Findings[p.from:p.to] {
			c.Points += f.Points
		}
		if p.open > 0 {
			c.Counts[p.entry.severity] += int(p.open)
		}
	}
	for _, c := range categories {
		_, applies := n.ledger.weights[c.ID]
		score := CategoryScore{
			ID: c.ID, Title: c.Title, Heart: c.Heart, Scored: applies && n.Scored, Score: round(categoryScore(a.sums[c.ID])),
		}
		if sums := byCategory[c.ID]; sums != nil {
			score.Points, score.Counts = math.Round(100*sums.Points)/100, sums.Counts
		}
		n.Categories = append(n.Categories, score)
	}
}

// mean scores the cluster from its namespaces.
func (a *Assessment) mean() {
	for _, n := range a.Namespaces {
		a.Accepted += n.Accepted
	}
	if platform := a.meanOf(func(n *Namespace) bool { return n.Group == Platform }, itsScore); platform.weight > 0 {
		a.Platform = new(round(platform.value()))
	}
	of := a.counted(itsScore)
	if all := a.meanOf(of, itsScore); all.weight > 0 {
		raw := a.meanOf(of, func(n *Namespace) float64 { return n.Raw })
		a.Scored = true
		a.Score, a.Raw = round(all.value()), round(raw.value())
		a.Grade = Grade(a.Score, a.Coverage)
	}
	for i, c := range a.Result.Categories {
		total := CategoryScore{ID: c.ID, Title: c.Title, Heart: c.Heart}
		scores, points := mean{}, mean{}
		for _, n := range a.Namespaces {
			part := n.Categories[i]
			for severity, count := range part.Counts {
				total.Counts[severity] += count
			}
			if !n.Scored || !of(n) {
				continue
			}
			points.add(part.Points, n.weight)
			if part.Scored {
				scores.add(part.Score, n.weight)
			}
		}
		if total.Scored = scores.weight > 0; total.Scored {
			total.Score = round(scores.value())
		}
		total.Points = math.Round(100*points.value()) / 100
		a.Categories = append(a.Categories, total)
	}
}

// counted picks the rows whose mean is the cluster's score: the namespaces that
// are not the platform's or, where there are none, those that are. What belongs
// to no namespace may lower the score and never raises it: a hundred definitions
// of custom resources that are as they should be make no workload safer.
func (a *Assessment) counted(score func(*Namespace) float64) func(*Namespace) bool {
	for _, own := range [...]func(*Namespace) bool{
		func(n *Namespace) bool { return n.Group != Platform && n.Group != Wide },
		func(n *Namespace) bool { return n.Group == Platform },
	} {
		with := func(n *Namespace) bool { return n.Group == Wide || own(n) }
		alone := a.meanOf(own, score)
		both := a.meanOf(with, score)
		switch {
		case alone.weight > 0 && both.value() < alone.value():
			return with
		case alone.weight > 0:
			return own
		}
	}
	return func(n *Namespace) bool { return n.Group == Wide }
}

// meanOf returns the mean of what some namespaces score.
func (a *Assessment) meanOf(of func(*Namespace) bool, score func(*Namespace) float64) mean {
	m := mean{}
	for _, n := range a.Namespaces {
		if n.Scored && of(n) {
			m.add(score(n), n.weight)
		}
	}
	return m
}

func itsScore(n *Namespace) float64 { return n.Score }
