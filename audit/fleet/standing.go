package fleet

import (
	"maps"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Standing is how a cluster stood at one moment. It never changes, and holds no view.
type Standing struct {
	Info        kube.Info
	UID         string    // [kube.Cluster.UID], "" if it could not be read
	Seen        time.Time // the moment of the view
	Nodes, Pods int
	Score       float64 // 0 to 100; meaningless unless Scored
	Scored      bool
	Grade       string
	Coverage    float64 // percent of the checks that could be made
	Counts      score.Counts
	Accepted    int
	Categories  []score.CategoryScore // in the order of the assessment
	Namespaces  []Namespace           // worst first
	Rules       map[string]Rule       // those that were judged, by ID
}

// Namespace is how a namespace stood.
type Namespace struct {
	Name   string
	Group  score.Group
	Score  float64 // meaningless unless Scored
	Scored bool
	Grade  string
	Counts score.Counts
	// Points is what each rule costs, by ID, where that is more than nothing: together
	// 100 minus the score.
	Points map[string]float64
}

// Rule is what became of a rule in a cluster.
type Rule struct {
	Title    string
	Category string
	Severity audit.Severity // the gravest that it found; its own where it found nothing
	Open     int            // findings that count
	Accepted int            // findings that are accepted
	Judged   int            // subjects
	// Blind says what kept it from judging everything, "" if nothing did.
	Blind string
}

// Of remembers an assessment.
func Of(a *score.Assessment) *Standing {
	c := a.Cluster
	s := &Standing{
		Info: c.Info, UID: c.UID(), Seen: c.Time, Nodes: c.Nodes.Len(), Pods: c.Pods.Len(),
		Score: a.Score, Scored: a.Scored, Grade: a.Grade, Coverage: a.Coverage, Accepted: a.Accepted,
		Categories: a.Categories, Rules: rulesOf(a.Result),
	}
	for _, n := range a.Namespaces {
		for severity, count := range n.Counts {
			s.Counts[severity] += count
		}
		kept := Namespace{Name: n.Name, Group: n.Group, Score: n.Score, Scored: n.Scored, Grade: n.Grade, Counts: n.Counts, Points: map[string]float64{}}
		for _, f := range n.Findings {
			if f.Points > 0 {
				kept.Points[f.Rule.ID] += f.Points
			}
			s.found(f)
		}
		s.Namespaces = append(s.Namespaces, kept)
	}
	return s
}

// rulesOf returns the rules of a result, with what they judged.
func rulesOf(r *audit.Result) map[string]Rule {
	rules := map[string]Rule{}
	for _, category := range r.Categories {
		for _, rule := range category.Rules {
			rules[rule.ID] = Rule{Title: rule.Title, Category: category.ID, Severity: rule.Severity}
		}
	}
	for _, n := range r.Namespaces {
		for _, t := range n.Tallies {
			rule, known := rules[t.Rule.ID]
			if !known {
				continue
			}
			if rule.Judged += t.Applicable; t.Coverage < 1 && rule.Blind == "" {
				rule.Blind = t.Why
			}
			rules[t.Rule.ID] = rule
		}
	}
	return rules
}

// found counts a finding. Rules about the policy judge nothing, and are known by what
// they found.
func (s *Standing) found(f *score.Finding) {
	rule, known := s.Rules[f.Rule.ID]
	if !known {
		rule = Rule{Title: f.Rule.Title, Category: f.Category}
	}
	switch {
	case f.Accepted != nil:
		rule.Accepted++
	case f.Open():
		if rule.Open++; rule.Open == 1 || f.Severity > rule.Severity {
			rule.Severity = f.Severity
		}
	}
	s.Rules[f.Rule.ID] = rule
}

// Worst returns the category that has the lowest score, false if none lacks anything.
func (s *Standing) Worst() (worst score.CategoryScore, ok bool) {
	for _, c := range s.Categories {
		if c.Scored && c.Score < 100 && (!ok || c.Score < worst.Score) {
			worst, ok = c, true
		}
	}
	return worst, ok
}

// namespaces returns the namespaces by name.
func (s *Standing) namespaces() map[string]*Namespace {
	byName := make(map[string]*Namespace, len(s.Namespaces))
	for i := range s.Namespaces {
		byName[s.Namespaces[i].Name] = &s.Namespaces[i]
	}
	return byName
}

// costs returns the IDs of the rules that cost a namespace anything, of several
// namespaces of which any may be nil.
func costs(namespaces []*Namespace) map[string]bool {
	rules := map[string]bool{}
	for _, n := range namespaces {
		if n != nil {
			for id := range maps.Keys(n.Points) {
				rules[id] = true
			}
		}
	}
	return rules
}
