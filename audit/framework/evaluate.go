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
	Reason   string           // why it was not evaluated; "" otherwise
	Rules    []string         // that answer for it, by ID
	Judged   int              // subjects, each once for every rule
	Failing  int              // of them
	Findings []*audit.Finding // that nobody accepted, and that are no consequence of another
}

// Compliance is what is known of a framework.
type Compliance struct {
	Framework                  Framework
	Outcomes                   []Outcome
	Passed, Failed, Unanswered int // controls
}

// Evaluate judges the controls of a framework by what rules said of a cluster.
func Evaluate(f Framework, r *audit.Result) Compliance {
	c := Compliance{Framework: f}
	for i := range f.Controls {
		o := outcome(&f.Controls[i], r)
		switch o.Verdict {
		case Pass:
			c.Passed++
		case Fail:
			c.Failed++
		case NotEvaluated:
			c.Unanswered++
		}
		c.Outcomes = append(c.Outcomes, o)
	}
	return c
}

func outcome(control *Control, r *audit.Result) Outcome {
	o := Outcome{Control: *control, Verdict: NotEvaluated, Reason: control.Manual}
	answering := o.find(r.Categories)
	if len(o.Rules) == 0 {
		if o.Reason == "" {
			o.Reason = "no rule that is switched on answers for it"
		}
		return o
	}
	blind := o.gather(r, answering)
	switch {
	case o.Failing > 0:
		o.Verdict, o.Reason = Fail, ""
	case len(blind) > 0:
		o.Reason = strings.Join(blind, "; ")
	case o.Judged == 0:
		o.Reason = fmt.Sprintf("there is nothing that %s would judge", strings.Join(o.Rules, ", "))
	default:
		o.Verdict, o.Reason = Pass, ""
	}
	return o
}

// find lists the rules that answer for the control.
func (o *Outcome) find(categories []audit.Category) map[*audit.Rule]bool {
	answering := map[*audit.Rule]bool{}
	for _, category := range categories {
		for _, rule := range category.Rules {
			if o.Control.answers(rule) {
				answering[rule] = true
				o.Rules = append(o.Rules, rule.ID)
			}
		}
	}
	slices.Sort(o.Rules)
	return answering
}

// failure is a rule that fails for a subject.
type failure struct {
	rule    *audit.Rule
	subject kube.Ref
}

// gather counts what rules said, and returns why some could not judge.
func (o *Outcome) gather(r *audit.Result, answering map[*audit.Rule]bool) (blind []string) {
	failing := map[failure]bool{}
	for _, n := range r.Namespaces {
		for i := range n.Tallies {
			t := n.Tallies[i]
			if !answering[t.Rule] {
				continue
			}
			o.Judged += t.Applicable
			if t.Coverage < 1 && !slices.Contains(blind, t.Why) {
				blind = append(blind, t.Why)
			}
		}
		for _, f := range n.Findings {
			if !answering[f.Rule] || !f.Open() {
				continue
			}
			o.Findings = append(o.Findings, f)
			if fails := (failure{f.Rule, f.Subject}); !failing[fails] {
				failing[fails] = true
				o.Failing++
			}
		}
	}
	return blind
}
