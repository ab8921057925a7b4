package score

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Trial thinks findings of a namespace away, one after the other, and scores what is
// left each time. It is for one goroutine; the namespace stays as it is. In a
// namespace that is not scored its scores mean nothing.
type Trial struct {
	ledger *ledger
	gone   map[*Finding]bool
	delta  map[check]int
	known  map[string]Standing // by change, for what is gone now
}

// Standing is how a namespace would be scored. Scores are not rounded, so that small
// steps can be told apart: see [Round].
type Standing struct {
	Score    float64        // 0 to 100
	Uncapped float64        // what it would be without the cap
	Capped   audit.Severity // the open severity that holds the score down, 0 if none
}

// Change is what becomes of the checks of a namespace if findings are gone. Many
// findings have the same one, by its text form, and gain the same.
type Change struct {
	text  string
	delta map[check]int
}

// String returns the text form: the same for what scores the same.
func (c Change) String() string { return c.text }

// Trial returns a trial in which nothing is gone yet.
func (n *Namespace) Trial() *Trial {
	return &Trial{ledger: n.ledger, gone: map[*Finding]bool{}, delta: map[check]int{}, known: map[string]Standing{}}
}

// Standing returns how the namespace would be scored now.
func (t *Trial) Standing() Standing { return t.If(Change{}) }

// Open returns the findings of a subject that still cost, also because another one
// had implied them, together by rule and severity: one check the subject fails each.
func (t *Trial) Open(subject kube.Ref) [][]*Finding {
	var groups [][]*Finding
	at := map[check]int{}
	findings := t.ledger.of(subject)
	counts := counting(findings, t.isGone)
	for _, f := range findings {
		if !counts(f) {
			continue
		}
		i, known := at[checkOf(f.Placed)]
		if !known {
			i = len(groups)
			at[checkOf(f.Placed)] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], f)
	}
	return groups
}

// Change returns what becomes of the checks if findings of one subject are gone as
// well.
func (t *Trial) Change(findings []*Finding) Change {
	before, after := map[check]bool{}, map[check]bool{}
	if len(findings) == 0 {
		return Change{}
	}
	all := t.ledger.of(findings[0].Subject)
	these := make(map[*Finding]bool, len(findings))
	for _, f := range findings {
		these[f] = true
	}
	now, then := counting(all, t.isGone), counting(all, func(f *Finding) bool { return t.gone[f] || these[f] })
	for _, f := range all {
		if now(f) {
			before[checkOf(f.Placed)] = true
		}
		if then(f) {
			after[checkOf(f.Placed)] = true
		}
	}
	c := Change{delta: map[check]int{}}
	addDifference(c.delta, before, after)
	var parts []string
	for of, by := range c.delta {
		parts = append(parts, fmt.Sprintf("%s %d %+d", of.rule.ID, of.severity, by))
	}
	slices.Sort(parts)
	c.text = strings.Join(parts, ",")
	return c
}

// If returns how the namespace would be scored after a change.
func (t *Trial) If(c Change) Standing {
	s, known := t.known[c.text]
	if !known {
		delta := maps.Clone(t.delta)
		for of, by := range c.delta {
			delta[of] += by
		}
		a := t.ledger.evaluate(delta)
		s = Standing{a.score, a.raw, a.capped}
		t.known[c.text] = s
	}
	return s
}

// Remove takes findings of one subject away.
func (t *Trial) Remove(findings []*Finding) {
	for of, by := range t.Change(findings).delta {
		t.delta[of] += by
	}
	for _, f := range findings {
		t.gone[f] = true
	}
	clear(t.known)
}

// Clone returns a trial in which the same is gone.
func (t *Trial) Clone() *Trial {
	return &Trial{ledger: t.ledger, gone: maps.Clone(t.gone), delta: maps.Clone(t.delta), known: maps.Clone(t.known)}
}

func (t *Trial) isGone(f *Finding) bool { return t.gone[f] }

// Weight is how much the namespace counts in the mean of the cluster, the logarithm
// of its subjects.
func (n *Namespace) Weight() float64 { return n.weight }

// ScoreIf is what the cluster would score, not rounded, if its namespaces scored what
// is given; 0 if nothing is scored.
func (a *Assessment) ScoreIf(score func(*Namespace) float64) float64 {
	m := a.meanOf(a.counted(score), score)
	return m.value()
}

// Counted returns the rows whose mean is the cluster's score, if its namespaces score
// what is given.
func (a *Assessment) Counted(score func(*Namespace) float64) func(*Namespace) bool {
	return a.counted(score)
}

// Outlook is what scores would be if findings were gone.
type Outlook struct {
	Score      float64 // of the cluster, 0 to 100, one decimal
	Namespaces []NamespaceOutlook
}

// NamespaceOutlook is what the score of one namespace would be.
type NamespaceOutlook struct {
	*Namespace
	After float64 // 0 to 100, one decimal
}

// Without scores the cluster again as if findings of it were gone. Namespaces are
// those that are scored and have some of them, by name.
func (a *Assessment) Without(findings []*Finding) Outlook {
	bySubject := map[*Namespace]map[kube.Ref][]*Finding{}
	for _, f := range findings {
		n := f.namespace
		if bySubject[n] == nil {
			bySubject[n] = map[kube.Ref][]*Finding{}
		}
		bySubject[n][f.Subject] = append(bySubject[n][f.Subject], f)
	}
	after := map[*Namespace]float64{}
	o := Outlook{}
	for n, subjects := range bySubject {
		if !n.Scored {
			continue
		}
		t := n.Trial()
		for _, together := range subjects {
			t.Remove(together)
		}
		after[n] = Round(t.Standing().Score)
		o.Namespaces = append(o.Namespaces, NamespaceOutlook{n, after[n]})
	}
	slices.SortFunc(o.Namespaces, func(a, b NamespaceOutlook) int { return cmp.Compare(a.Name, b.Name) })
	o.Score = Round(a.ScoreIf(func(n *Namespace) float64 {
		if s, changed := after[n]; changed {
			return s
		}
		return n.Score
	}))
	return o
}

// Round rounds to one decimal, the precision in which scores are told.
func Round(x float64) float64 { return round(x) }
