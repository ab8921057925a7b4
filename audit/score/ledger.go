package score

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// check is a rule at one severity in one namespace.
type check struct {
	rule     *audit.Rule
	category string
	severity audit.Severity
}

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
	applicable map[*audit.Rule]int
	findings   map[kube.Ref][]*Finding    // by subject, in order
	failing    map[check]map[kube.Ref]int // findings that cost, by subject
	ordered    []check                    // the keys of failing
}

func newLedger() *ledger {
	return &ledger{
		weights:    map[string]float64{},
		applicable: map[*audit.Rule]int{},
		findings:   map[kube.Ref][]*Finding{},
		failing:    map[check]map[kube.Ref]int{},
	}
}

func checkOf(f *audit.Finding) check { return check{f.Rule, f.Category, f.Severity} }

func (l *ledger) add(f *Finding) {
	l.findings[f.Subject] = append(l.findings[f.Subject], f)
	if f.Implied != "" {
		return
	}
	c := checkOf(f.Finding)
	if l.failing[c] == nil {
		l.failing[c] = map[kube.Ref]int{}
		l.ordered = append(l.ordered, c)
	}
	l.failing[c][f.Subject]++
}

// close ends the adding of findings. Sums of floating-point numbers depend on
// their order, so it is fixed here.
func (l *ledger) close() { slices.SortFunc(l.ordered, compareChecks) }

// account is a ledger in numbers.
type account struct {
	score     float64 // after the cap, not rounded
	raw       float64 // before it
	sums      map[string]float64
	penalties map[check]float64
	capped    audit.Severity // the severity that caps the score, 0 if none does
}

// evaluate scores the ledger with the number of failing subjects of some
// checks changed by delta.
func (l *ledger) evaluate(delta map[check]int) account {
	a := account{sums: map[string]float64{}, penalties: map[check]float64{}}
	criticals, highs := 0, 0
	count := func(c check, failing int) {
		if failing <= 0 {
			return
		}
		a.penalties[c] = penalty(c.severity, failing, l.applicable[c.rule])
		a.sums[c.category] += a.penalties[c]
		switch c.severity {
		case audit.Critical:
			criticals++
		case audit.High:
			highs++
		default: // the others cap nothing
		}
	}
	for _, c := range l.ordered {
		count(c, len(l.failing[c])+delta[c])
	}
	fresh := make([]check, 0, len(delta))
	for c := range delta {
		if _, known := l.failing[c]; !known {
			fresh = append(fresh, c)
		}
	}
	slices.SortFunc(fresh, compareChecks)
	for _, c := range fresh {
		count(c, delta[c])
	}
	lost, total := l.losses(a.sums)
	if total == 0 {
		a.score, a.raw = 100, 100
		return a
	}
	sum := 0.0
	for _, id := range l.categories() {
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

// categories returns the IDs of the categories that apply, in order.
func (l *ledger) categories() []string {
	ids := make([]string, 0, len(l.weights))
	for id := range l.weights {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// losses returns v·−ln(S/100) of each category that applies, and Σv.
func (l *ledger) losses(sums map[string]float64) (map[string]float64, float64) {
	lost, total := map[string]float64{}, 0.0
	for _, id := range l.categories() {
		v := l.weights[id]
		lost[id] = -v * math.Log(categoryScore(sums[id])/100)
		total += v
	}
	return lost, total
}
