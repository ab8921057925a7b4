package platform

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Readiness says how far a cluster has what one in production is run with.
type Readiness struct {
	Standings []Standing // in the order of [All]
	// Score is the mean of the capabilities that can be told, 0 to 100, one decimal; 0 if
	// none can.
	Score    float64
	Coverage float64 // percent of the capabilities that can be told
	// Level is the highest of which, and of all before it, every capability is healthy; 0
	// if it is not even the first.
	Level Level
	// Next is what to do something about first, nil if all is healthy.
	Next *Standing
}

// Standing is how it stands with one capability.
type Standing struct {
	Capability
	State  State
	Traces []Trace
	// Findings are what is wrong with it, the worst first: those that nobody accepted and
	// that are no consequence of another. What only informs is among them, and is no
	// problem.
	Findings []*audit.Placed
	Why      string // why one cannot tell; "" if one can
	Judged   int    // subjects that [Capability.Rules] judged, each once for every rule
}

// Read says how it stands with the capabilities of the cluster that was judged.
func Read(r *audit.Result) *Readiness {
	on, of := map[string]bool{}, map[string][]answer{}
	for _, category := range r.Categories {
		for _, rule := range category.Rules {
			on[rule.ID] = true
		}
	}
	known := All()
	accounts := make([]account, len(known))
	for i := range known {
		a := &accounts[i]
		a.Standing = Standing{Capability: known[i], Traces: known[i].Find(r.Cluster)}
		a.off = len(a.Rules) > 0 && !slices.ContainsFunc(a.Rules, func(id string) bool { return on[id] })
		for _, id := range a.Rules {
			of[id] = append(of[id], answer{a, true})
		}
		for _, id := range a.Others {
			of[id] = append(of[id], answer{a, false})
		}
	}
	gather(r, of)
	ready := &Readiness{}
	for i := range accounts {
		accounts[i].settle(r.Cluster)
		ready.Standings = append(ready.Standings, accounts[i].Standing)
	}
	ready.sum()
	return ready
}

// account is a standing while what rules said is gone through.
type account struct {
	Standing
	blind string // why one of its rules could not judge everything; "" if all could
	off   bool   // none of [Capability.Rules] judges, though there are some
}

// answer is whom a rule answers for, and whether it judges what the traces are of.
type answer struct {
	*account
	judges bool
}

// gather goes once through what rules said, for all capabilities.
func gather(r *audit.Result, of map[string][]answer) {
	for _, n := range r.Namespaces {
		for _, t := range n.Tallies {
			for _, a := range of[t.Rule.ID] {
				if a.judges {
					a.Judged += t.Applicable
				}
				if t.Coverage < 1 {
					a.blind = cmp.Or(a.blind, t.Why)
				}
			}
		}
		for _, f := range n.Findings {
			if !f.Open() {
				continue
			}
			for _, a := range of[f.Rule.ID] {
				a.Findings = append(a.Findings, f)
			}
		}
	}
}

// settle decides on the state.
func (a *account) settle(c *kube.Cluster) {
	slices.SortStableFunc(a.Findings, func(x, y *audit.Placed) int { return cmp.Compare(y.Severity, x.Severity) })
	hidden := ""
	if a.Hidden != "" && c.Managed() {
		hidden = "the provider of the cluster may have it: " + a.Hidden
	}
	switch {
	case len(a.Traces) == 0:
		a.Findings = nil // of what is not there nothing is wrong
		if a.Why = cmp.Or(Unseen(c, a.Reads), hidden); a.Why == "" {
			a.State = NotFound
		}
	case a.worst() > audit.Info:
		a.State = Problems
	case partial(c) != "":
		a.Why = partial(c)
	case a.blind != "":
		a.Why = a.blind
	case !a.told() && a.off:
		a.Why = "the rules that would tell are off: " + strings.Join(a.Rules, ", ")
	case !a.told():
		a.Why = "what was found does not say how it does"
	case a.Judged < a.objects():
		a.Why = fmt.Sprintf("%d of %d objects do not say how they do", a.objects()-a.Judged, a.objects())
	default:
		a.State = Healthy
	}
}

// worst returns the severity of the worst problem, 0 for none.
func (s *Standing) worst() audit.Severity {
	worst := audit.Severity(0)
	if len(s.Findings) > 0 {
		worst = s.Findings[0].Severity
	}
	if slices.ContainsFunc(s.Traces, func(t Trace) bool { return t.State == Problems }) {
		worst = max(worst, audit.Medium)
	}
	return worst
}

// told reports whether something that was read says how the capability does.
func (s *Standing) told() bool {
	return s.Judged > 0 || slices.ContainsFunc(s.Traces, func(t Trace) bool { return t.State == Healthy })
}

// objects returns how many objects its rules are to judge.
func (s *Standing) objects() int {
	n := 0
	for _, t := range s.Traces {
		n += t.Objects
	}
	return n
}

// Products returns the names of what was found, each once.
func (s *Standing) Products() []string {
	var names []string
	for _, t := range s.Traces {
		names = append(names, t.What)
	}
	slices.SortFunc(names, strings.Compare)
	return slices.Compact(names)
}

// value is what the capability counts in the score, 0 to 1, false if it cannot be told. A
// problem takes more away the more severe it is.
func (s *Standing) value() (value float64, told bool) {
	switch s.State {
	case Healthy:
		return 1, true
	case Problems:
		return [...]float64{audit.Low: 0.8, audit.Medium: 0.6, audit.High: 0.4, audit.Critical: 0.2}[s.worst()], true
	case NotFound:
		return 0, true
	default:
		return 0, false
	}
}

// sum works out the score, the level, and what comes next.
func (r *Readiness) sum() {
	sum, told := 0.0, 0
	for i := range r.Standings {
		if value, ok := r.Standings[i].value(); ok {
			sum, told = sum+value, told+1
		}
	}
	if told > 0 {
		r.Score = math.Round(sum/float64(told)*1000) / 10
	}
	r.Coverage = math.Round(float64(told)/float64(len(r.Standings))*1000) / 10
	for _, level := range Levels() {
		if r.Next = r.first(level); r.Next != nil {
			return
		}
		r.Level = level
	}
}

// first returns what of a level is to be done something about first, nil if all of it is
// healthy: what is missing, then what has the worst problems, then what nobody can tell.
func (r *Readiness) first(level Level) *Standing {
	var first *Standing
	urgency := func(s *Standing) float64 {
		if value, told := s.value(); told {
			return 1 - value
		}
		return 0
	}
	for i := range r.Standings {
		s := &r.Standings[i]
		if s.Level == level && s.State != Healthy && (first == nil || urgency(s) > urgency(first)) {
			first = s
		}
	}
	return first
}

// Problems returns how many problems there are: findings, but for those that only inform,
// and traces that do not do well.
func (s *Standing) Problems() int {
	n := 0
	for _, f := range s.Findings {
		if f.Severity > audit.Info {
			n++
		}
	}
	for _, t := range s.Traces {
		if t.State == Problems {
			n++
		}
	}
	return n
}
