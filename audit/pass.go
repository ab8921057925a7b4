package audit

import (
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Pass is one rule's look at one cluster.
type Pass struct {
	Cluster *kube.Cluster
	Rule    *Rule

	category string
	subject  Subject
	place    *Place   // of the findings about the subject; nil before the first
	found    []Placed // of the subject being judged
	failed   bool
	extent   float64
	verdict  verdict
	why      string
	todo     []task          // of the group and namespace being judged, for the next to reuse
	shared   *sharing        // nil where findings are not kept
	judged   map[string]bool // the IDs of the rules that judge
}

// verdict is what became of one rule for one subject.
type verdict uint8

const (
	passed verdict = iota
	failed
	notApplicable
	unknown
	unread // not judged: what the rule reads is blind
)

// Report records a finding about the subject being judged. The rule, category,
// namespace and subject are filled in, and the severity if it has none.
func (p *Pass) Report(f Finding) {
	if p.place == nil {
		p.place = &Place{p.subject.Ref, p.subject.Namespace}
	}
	f.Rule, f.Category = p.Rule, p.category
	if f.Severity == 0 {
		f.Severity = p.Rule.Severity
	}
	if p.judged != nil && !p.judged[f.Implied] {
		f.Implied = "" // the rule that would say the same is off
	}
	f.Fixes = p.within(f.Fixes)
	f.Fixable = len(f.Fixes) > 0
	if f.Implied == "" {
		p.failed = true
	}
	p.found = append(p.found, Placed{Place: p.place, Finding: p.held(&f)})
}

// within leaves out fixes of the pod of a workload whose own object has no such pod: what is
// judged is one that an operator made, and the next one it makes as before.
func (p *Pass) within(fixes []Fix) []Fix {
	if len(fixes) == 0 {
		return nil
	}
	w := p.Cluster.Workload(p.subject.Ref)
	if w == nil || w.Held || w.Scaler == nil {
		return fixes
	}
	ofPod := func(e Edit) bool { return e.Object == (kube.Ref{}) && strings.HasPrefix(e.Path, w.Pod.Path+".") }
	return slices.DeleteFunc(fixes, func(f Fix) bool { return slices.ContainsFunc(f.Edits, ofPod) })
}

// held returns the finding to keep.
func (p *Pass) held(f *Finding) *Finding {
	if p.shared == nil {
		kept := *f
		return &kept
	}
	return p.shared.finding(f)
}

// Measure is Report for a rule that measures ([Rule.Weight]): extent says how far
// what is found goes, from 0 to 1, where it is as bad as can be. It goes to the
// [Tally] of the namespace.
func (p *Pass) Measure(extent float64, f Finding) {
	p.extent = min(max(extent, p.extent), 1)
	p.Report(f)
}

// NotApplicable says that the rule has nothing to say of the subject being
// judged, which then counts neither as a pass nor as a failure.
func (p *Pass) NotApplicable() { p.verdict = notApplicable }

// Unknown says that no verdict on the subject is possible, and why.
func (p *Pass) Unknown(why string) { p.verdict, p.why = unknown, why }

// Subject is what is being judged.
func (p *Pass) Subject() Subject { return p.subject }

// judge asks a rule for its verdict on the subject of a task. Found and why are those
// of the pass until it judges again.
func (p *Pass) judge(r *judged, t *task) verdict {
	p.place = t.place
	v := p.ask(r, t.subject, t.after.value)
	t.place = p.place
	return v
}

// judgeSubject is judge for a subject that is not remembered unless something is
// found.
func (p *Pass) judgeSubject(r *judged, subject Subject, value any) verdict {
	p.place = nil
	return p.ask(r, subject, value)
}

func (p *Pass) ask(r *judged, subject Subject, value any) verdict {
	p.Rule, p.category, p.subject = r.rule, r.category, subject
	p.found, p.failed, p.extent, p.verdict, p.why = p.found[:0], false, 0, passed, ""
	r.rule.Check.judge(p, value)
	if p.failed {
		return failed
	}
	return p.verdict
}
