package framework

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Verdict is what became of a control.
type Verdict string

// The verdicts.
const (
	Pass         Verdict = "pass"
	Fail         Verdict = "fail"
	NotEvaluated Verdict = "not evaluated"
)

// Outcome is what is known of one control.
type Outcome struct {
	Control  Control
	Verdict  Verdict
	Reason   string          // why it was not evaluated; "" otherwise
	Rules    []string        // that answer for it, by ID
	Judged   int             // subjects, each once for every rule
	Failing  int             // of them
	Findings []*audit.Placed // that nobody accepted, and that are no consequence of another
}

// Compliance is what is known of a framework.
type Compliance struct {
	Framework                  Framework
	Outcomes                   []Outcome
	Passed, Failed, Unanswered int // controls
}

// Evaluate judges the controls of a framework by what rules said of a cluster.
func Evaluate(f Framework, r *audit.Result) Compliance {
	c := Compliance{Framework: f, Outcomes: make([]Outcome, len(f.Controls))}
	answering := map[*audit.Rule][]*evidence{}
	all := make([]evidence, len(f.Controls))
	for i := range f.Controls {
		o := &c.Outcomes[i]
		o.Control, o.Verdict, o.Reason = f.Controls[i], NotEvaluated, f.Controls[i].Manual
		all[i] = evidence{Outcome: o, failing: map[failure]bool{}}
		for _, rule := range o.find(r.Categories) {
			answering[rule] = append(answering[rule], &all[i])
		}
	}
	gather(r, answering)
	for i := range all {
		all[i].conclude()
		switch c.Outcomes[i].Verdict {
		case Pass:
			c.Passed++
		case Fail:
			c.Failed++
		case NotEvaluated:
			c.Unanswered++
		}
	}
	return c
}

// evidence is what is known of a control while results are gone through.
type evidence struct {
	*Outcome
	failing map[failure]bool
	blind   []string // why rules could not judge
}

// failure is a rule that fails for a subject.
type failure struct {
	rule    *audit.Rule
	subject kube.Ref
}

// conclude decides on the control.
func (e *evidence) conclude() {
	e.Failing = len(e.failing)
	switch {
	case len(e.Rules) == 0 && e.Reason == "":
		e.Reason = "no rule that is switched on answers for it"
	case len(e.Rules) == 0:
	case e.Failing > 0:
		e.Verdict, e.Reason = Fail, ""
	case len(e.blind) > 0:
		e.Reason = strings.Join(e.blind, "; ")
	case e.Judged == 0:
		e.Reason = fmt.Sprintf("there is nothing that %s would judge", strings.Join(e.Rules, ", "))
	default:
		e.Verdict, e.Reason = Pass, ""
	}
}

// find lists the rules that answer for the control.
func (o *Outcome) find(categories []audit.Category) []*audit.Rule {
	var answering []*audit.Rule
	for _, category := range categories {
		for _, rule := range category.Rules {
			if o.Control.answers(rule) {
				answering = append(answering, rule)
				o.Rules = append(o.Rules, rule.ID)
			}
		}
	}
	slices.Sort(o.Rules)
	return answering
}

// gather goes through what rules said, once for all controls: a large cluster has
// hundreds of thousands of findings.
func gather(r *audit.Result, answering map[*audit.Rule][]*evidence) {
	for _, n := range r.Namespaces {
		for _, t := range n.Tallies {
			for _, e := range answering[t.Rule] {
				e.Judged += t.Applicable
				if t.Coverage < 1 && !slices.Contains(e.blind, t.Why) {
					e.blind = append(e.blind, t.Why)
				}
			}
		}
		for _, f := range n.Findings {
			if !f.Open() {
				continue
			}
			for _, e := range answering[f.Rule] {
				e.Findings = append(e.Findings, f)
				e.failing[failure{f.Rule, f.Subject}] = true
			}
		}
	}
}
