package fleet

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// Verdict is what became of a rule in a cluster.
type Verdict uint8

// The verdicts.
const (
	Unseen        Verdict = iota // the cluster could not be looked at, or the rule is off there
	Unknown                      // nothing was found, but not everything could be judged
	NotApplicable                // there is nothing to judge
	Passed                       // judged everywhere, and not found
	Accepted                     // found, and accepted everywhere
	Failed
)

// String returns the verdict in lower case.
func (v Verdict) String() string {
	return [...]string{"unseen", "unknown", "not applicable", "passed", "accepted", "failed"}[v]
}

// Verdict is what became of the rule.
func (r Rule) Verdict() Verdict {
	switch {
	case r.Open > 0:
		return Failed
	case r.Accepted > 0:
		return Accepted
	case r.Blind != "":
		return Unknown
	case r.Judged == 0:
		return NotApplicable
	}
	return Passed
}

// lacks reports whether a cluster of that verdict is known not to have what another has.
func (v Verdict) lacks() bool { return v == Passed || v == NotApplicable || v == Accepted }

// Difference is a rule with findings in one cluster that another lacks.
type Difference struct {
	ID       string // of the rule
	Title    string
	Category string
	Severity audit.Severity // the gravest in any cluster
	// In says what became of the rule in each cluster, in their order.
	In []Result
}

// Result is what became of a rule in one cluster.
type Result struct {
	Verdict Verdict
	Open    int    // findings that count
	Why     string // what kept the rule from judging everything, "" if nothing did
}

// Most is the number of findings in the cluster that has most.
func (d *Difference) Most() int {
	most := 0
	for _, r := range d.In {
		most = max(most, r.Open)
	}
	return most
}

// Differences returns the rules that fail in a cluster and are known not to in another,
// the gravest first, then those with most findings.
func (f *Fleet) Differences() []Difference {
	byID := map[string]*Difference{}
	for _, c := range f.Clusters {
		if c.Standing == nil {
			continue
		}
		for id, rule := range c.Rules {
			d := byID[id]
			if d == nil {
				d = &Difference{ID: id, Title: rule.Title, Category: rule.Category, In: f.results(id)}
				byID[id] = d
			}
			if rule.Open > 0 {
				d.Severity = max(d.Severity, rule.Severity)
			}
		}
	}
	all := []Difference{}
	for _, d := range byID {
		failed := slices.ContainsFunc(d.In, func(r Result) bool { return r.Verdict == Failed })
		if failed && slices.ContainsFunc(d.In, func(r Result) bool { return r.Verdict.lacks() }) {
			all = append(all, *d)
		}
	}
	slices.SortFunc(all, func(a, b Difference) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(b.Most(), a.Most()), strings.Compare(a.ID, b.ID))
	})
	return all
}

// results says what became of a rule in each cluster.
func (f *Fleet) results(id string) []Result {
	all := make([]Result, len(f.Clusters))
	for i, c := range f.Clusters {
		if c.Standing == nil {
			continue
		}
		if rule, judged := c.Rules[id]; judged {
			all[i] = Result{rule.Verdict(), rule.Open, rule.Blind}
		}
	}
	return all
}

// Shared is a namespace that several clusters have by one name, with different scores.
type Shared struct {
	Name string
	// In is the namespace in each cluster, in their order; nil where it is not there or
	// not scored.
	In []*Namespace
	// Low and High are the clusters where its score is the lowest and the highest.
	Low, High int
	// Rules are what makes the difference between the two, what counts most first.
	Rules []Cost
}

// Cost is what a rule costs a namespace more in one cluster than in another.
type Cost struct {
	ID string // of the rule
	// Low and High are the points it costs where the score is low, and where it is high.
	Low, High float64
}

// Points is by how much more the rule costs where the score is low; less than 0 where it
// costs more in the other.
func (c Cost) Points() float64 { return hundredths(c.Low - c.High) }

// Spread is by how much the scores differ.
func (s *Shared) Spread() float64 { return hundredths(s.In[s.High].Score - s.In[s.Low].Score) }

// Shared returns the namespaces that several clusters have by one name and that are
// scored differently, what differs most first.
func (f *Fleet) Shared() []Shared {
	spaces := make([]map[string]*Namespace, len(f.Clusters))
	names := map[string]int{}
	for i, c := range f.Clusters {
		if c.Standing == nil {
			continue
		}
		spaces[i] = c.namespaces()
		for name, n := range spaces[i] {
			if n.Scored && n.Group != score.Wide {
				names[name]++
			}
		}
	}
	all := []Shared{}
	for name, count := range names {
		if count < 2 {
			continue
		}
		if s := shared(name, spaces); s.Spread() > 0 {
			s.explain()
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b Shared) int {
		return cmp.Or(cmp.Compare(b.Spread(), a.Spread()), strings.Compare(a.Name, b.Name))
	})
	return all
}

// shared finds a namespace in every cluster; at least one has it.
func shared(name string, spaces []map[string]*Namespace) Shared {
	s := Shared{Name: name, In: make([]*Namespace, len(spaces)), Low: -1, High: -1}
	for i, of := range spaces {
		n := of[name]
		if n == nil || !n.Scored {
			continue
		}
		s.In[i] = n
		if s.Low < 0 || n.Score < s.In[s.Low].Score {
			s.Low = i
		}
		if s.High < 0 || n.Score > s.In[s.High].Score {
			s.High = i
		}
	}
	return s
}

// explain finds the rules that make the difference.
func (s *Shared) explain() {
	low, high := s.In[s.Low], s.In[s.High]
	for id := range costs([]*Namespace{low, high}) {
		if c := (Cost{id, hundredths(low.Points[id]), hundredths(high.Points[id])}); c.Low != c.High {
			s.Rules = append(s.Rules, c)
		}
	}
	slices.SortFunc(s.Rules, func(a, b Cost) int {
		return cmp.Or(cmp.Compare(b.Points(), a.Points()), strings.Compare(a.ID, b.ID))
	})
}

// hundredths takes away what adding up has left: findings are priced in hundredths.
func hundredths(points float64) float64 { return math.Round(100*points) / 100 }
