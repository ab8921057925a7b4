package score

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// check is a rule at one severity in one namespace.
type check struct {
	rule     *audit.Rule
	category string
	severity audit.Severity
}

func checkOf(f *audit.Placed) check { return check{f.Rule, f.Category, f.Severity} }

func compareChecks(a, b check) int {
	return cmp.Or(
		strings.Compare(a.category, b.category),
		strings.Compare(a.rule.ID, b.rule.ID),
		cmp.Compare(b.severity, a.severity),
	)
}

// ledger is the account of one namespace, from which its score follows. It can
// be asked what the score would be if findings were gone.
type ledger struct {
	weights    map[string]float64 // of the categories that apply, by ID
	categories []string           // their IDs, in order
	tallies    []*audit.Tally     // of every rule: the caller's, since there are as many as rules in each namespace
	entries    []*entry           // by check: sums of floating-point numbers depend on their order
	bySubject  func() map[kube.Ref]*about

	mu    sync.Mutex
	gains map[check]float64 // if one subject less fails a check
}

// entry is a check that fails.
type entry struct {
	check
	tally   *audit.Tally // of the rule
	failing int          // subjects; 0 where failing costs nothing
}

// part is the findings of one entry about one subject.
type part struct {
	entry    *entry
	from, to int32 // of the namespace's findings
	open     int32 // how many of them count
}

// newLedger opens the account of a namespace, and returns its parts in the order of
// the findings. These are ordered, so that those of a check, and within it those of
// a subject, stand together. Open says which of them count.
func newLedger(
	findings []*Finding, tallies []*audit.Tally, weights map[string]float64, open func(*audit.Placed) bool,
) (l *ledger, parts []part) {
	l = &ledger{weights: map[string]float64{}, tallies: tallies}
	l.weigh(weights)
	for i := int32(0); int(i) < len(findings); {
		p := part{from: i, to: i}
		first := findings[i]
		for ; int(p.to) < len(findings) && sameCheck(findings[p.to], first) && findings[p.to].Subject == first.Subject; p.to++ {
			if open(findings[p.to].Placed) {
				p.open++
			}
		}
		if i > 0 && sameCheck(findings[i-1], first) {
			p.entry = l.entries[len(l.entries)-1]
		} else {
			p.entry = &entry{check: checkOf(first.Placed), tally: l.tallyOf(first.Rule)}
			l.entries = append(l.entries, p.entry)
		}
		if p.open > 0 && weights[first.Category] > 0 {
			p.entry.failing++
		}
		parts = append(parts, p)
		i = p.to
	}
	l.entries = slices.DeleteFunc(l.entries, func(e *entry) bool { return e.failing == 0 })
	slices.SortFunc(l.entries, func(a, b *entry) int { return compareChecks(a.check, b.check) })
	l.bySubject = sync.OnceValue(func() map[kube.Ref]*about {
		m := map[kube.Ref][]*Finding{}
		for _, f := range findings {
			m[f.Subject] = append(m[f.Subject], f)
		}
		all := make(map[kube.Ref]*about, len(m))
		for subject, of := range m {
			all[subject] = aboutOf(of)
		}
		return all
	})
	return l, parts
}

// weigh notes the categories that cost something and that any rule applies to.
func (l *ledger) weigh(weights map[string]float64) {
	for _, t := range l.tallies {
		if t.Applicable == 0 || weights[t.Category] == 0 {
			continue
		}
		if _, known := l.weights[t.Category]; !known {
			l.weights[t.Category] = weights[t.Category]
			l.categories = append(l.categories, t.Category)
		}
	}
	slices.Sort(l.categories)
}

// tallyOf returns what the rule counted in the namespace.
func (l *ledger) tallyOf(rule *audit.Rule) *audit.Tally {
	for _, t := range l.tallies {
		if t.Rule == rule {
			return t
		}
	}
	return &audit.Tally{}
}

// gainOf returns what is gained if one subject less fails a check.
func (l *ledger) gainOf(c check, by func(map[check]int) float64) float64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	gain, known := l.gains[c]
	if !known {
		gain = by(map[check]int{c: -1})
		if l.gains == nil {
			l.gains = map[check]float64{}
		}
		l.gains[c] = gain
	}
	return gain
}

func sameCheck(a, b *Finding) bool { return a.Rule == b.Rule && a.Severity == b.Severity }

// account is a ledger in numbers.
type account struct {
	score  float64            // after the cap, not rounded
	raw    float64            // before it
	sums   map[string]float64 // of the penalties, by category
	capped audit.Severity     // the severity that caps the score, 0 if none does
}

// evaluate scores the ledger with the number of failing subjects of some
// checks changed by delta.
func (l *ledger) evaluate(delta map[check]int) account {
	a := account{sums: make(map[string]float64, len(l.categories))}
	criticals, highs := 0, 0
	count := func(c check, tally *audit.Tally, failing int) {
		if failing <= 0 || l.weights[c.category] == 0 {
			return
		}
		a.sums[c.category] += cost(c, tally, failing)
		switch c.severity {
		case audit.Critical:
			criticals++
		case audit.High:
			highs++
		default: // the others cap nothing
		}
	}
	for _, e := range l.entries {
		count(e.check, e.tally, e.failing+delta[e.check])
	}
	for _, c := range l.fresh(delta) {
		count(c, l.tallyOf(c.rule), delta[c])
	}
	lost, total := l.losses(a.sums)
	if total == 0 {
		a.score, a.raw = 100, 100
		return a
	}
	sum := 0.0
	for _, id := range l.categories {
		sum += lost[id]
	}
	a.raw = 100 * math.Exp(-sum/total)
	a.score = min(a.raw, limit(criticals, highs))
	if a.score < a.raw {
		a.capped = audit.High
		if criticals > 0 {
			a.capped = audit.Critical
		}
	}
	return a
}

// cost returns what it costs that a number of the subjects of a tally fail a check.
func cost(c check, t *audit.Tally, failing int) float64 {
	if c.rule.Weight > 0 {
		return measured(c.severity, c.rule.Weight, t.Extent)
	}
	return penalty(c.severity, failing, t.Applicable)
}

// fresh returns the checks of delta that do not fail yet, in order.
func (l *ledger) fresh(delta map[check]int) []check {
	if len(delta) == 0 {
		return nil
	}
	var fresh []check
	for c := range delta {
		_, known := slices.BinarySearchFunc(l.entries, c, func(e *entry, c check) int { return compareChecks(e.check, c) })
		if !known {
			fresh = append(fresh, c)
		}
	}
	slices.SortFunc(fresh, compareChecks)
	return fresh
}

// losses returns v·−ln(S/100) of each category that applies, and Σv.
func (l *ledger) losses(sums map[string]float64) (map[string]float64, float64) {
	lost, total := make(map[string]float64, len(l.categories)), 0.0
	for _, id := range l.categories {
		v := l.weights[id]
		lost[id] = -v * math.Log(categoryScore(sums[id])/100)
		total += v
	}
	return lost, total
}
