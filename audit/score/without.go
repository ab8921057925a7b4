package score

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// without returns how the numbers of failing subjects would change if the
// findings for which gone is true were not there. A finding that a gone one had
// implied costs from then on, unless the implying rule still fails at the same
// container or for the subject as a whole.
func (l *ledger) without(subjects []kube.Ref, gone func(*Finding) bool) map[check]int {
	delta := map[check]int{}
	for _, subject := range subjects {
		before, after := map[check]bool{}, map[check]bool{}
		findings := l.of(subject)
		counts := counting(findings, gone)
		for _, f := range findings {
			if f.Open() {
				before[checkOf(f.Placed)] = true
			}
			if counts(f) {
				after[checkOf(f.Placed)] = true
			}
		}
		addDifference(delta, before, after)
	}
	return delta
}

// withoutOne is without for one finding.
func (l *ledger) withoutOne(f *Finding) map[check]int {
	if a := l.bySubject()[f.Subject]; a != nil && a.crowd != nil {
		return a.crowd().without(f)
	}
	return l.without([]kube.Ref{f.Subject}, func(other *Finding) bool { return other == f })
}

// of returns the findings of a subject.
func (l *ledger) of(subject kube.Ref) []*Finding {
	if a := l.bySubject()[subject]; a != nil {
		return a.findings
	}
	return nil
}

// addDifference adds to delta how one subject changes the numbers of failing ones.
func addDifference(delta map[check]int, before, after map[check]bool) {
	for c := range before {
		if !after[c] {
			delta[c]--
		}
	}
	for c := range after {
		if !before[c] {
			delta[c]++
		}
	}
}

// counting returns what reports whether a finding of a subject costs, if those for which
// gone is true are not there. Findings are all of the subject. What is implied by
// something that never was there costs nothing in any case.
func counting(findings []*Finding, gone func(*Finding) bool) func(*Finding) bool {
	freed := func(f *Finding) bool {
		return implied(f, findings, func(*Finding) bool { return false }) && !implied(f, findings, gone)
	}
	if len(findings) > few {
		all, left := causesOf(findings, func(*Finding) bool { return false }), causesOf(findings, gone)
		freed = func(f *Finding) bool { return all.of(f) > 0 && left.of(f) == 0 }
	}
	return func(f *Finding) bool {
		return f.Accepted == nil && !gone(f) && (f.Implied == "" || freed(f))
	}
}

// lonely reports whether without a finding its subject passes the check, and
// nothing else changes. Most findings are like that: what is gained by one of
// them is gained by each of the same check.
func (l *ledger) lonely(f *Finding) bool {
	if !f.Open() {
		return false
	}
	a := l.bySubject()[f.Subject]
	if a.crowd != nil {
		c := a.crowd()
		return c.open[checkOf(f.Placed)] == 1 && len(c.all[f.Rule.ID]) == 0
	}
	return !slices.ContainsFunc(a.findings, func(other *Finding) bool {
		return other.Implied == f.Rule.ID || other != f && other.Open() && sameCheck(other, f)
	})
}

// implied reports whether a finding is still a consequence of another one.
func implied(f *Finding, findings []*Finding, gone func(*Finding) bool) bool {
	for _, cause := range findings {
		if cause.Rule.ID != f.Implied || gone(cause) {
			continue
		}
		if f.Container == "" || cause.Container == "" || cause.Container == f.Container {
			return true
		}
	}
	return false
}
