package score

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// someFindings are findings of one subject, by few rules at few places, so that many of
// them imply each other.
func someFindings(r *rand.Rand, rules []*audit.Rule) []*Finding {
	place := &audit.Place{Subject: kube.Deployments.Ref("shop", "web"), Namespace: "shop"}
	containers := []string{"", "app", "proxy"}
	findings := make([]*Finding, 1+r.IntN(few))
	for i := range findings {
		f := &audit.Finding{
			Rule: rules[r.IntN(len(rules))], Category: "judged", Severity: []audit.Severity{audit.Low, audit.High}[r.IntN(2)],
			Container: containers[r.IntN(len(containers))],
		}
		if r.IntN(2) == 0 {
			f.Implied = rules[r.IntN(len(rules))].ID
		}
		placed := &audit.Placed{Place: place, Finding: f}
		if r.IntN(8) == 0 {
			placed.Accepted = &audit.Acceptance{}
		}
		findings[i] = &Finding{Placed: placed}
	}
	return findings
}

// TestCrowd removes each finding of a subject by looking at all others, and by what is
// known of a crowd.
func TestCrowd(t *testing.T) {
	t.Parallel()
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // the same each time
		rules := make([]*audit.Rule, 1+r.IntN(8))
		for i := range rules {
			rules[i] = &audit.Rule{ID: fmt.Sprint("rule-", i)}
		}
		findings := someFindings(r, rules)
		l, _ := newLedger(findings, nil, nil, (*audit.Placed).Open)
		c := crowdOf(findings)
		for i, f := range findings {
			want := l.without([]kube.Ref{f.Subject}, func(other *Finding) bool { return other == f })
			if diff := cmp.Diff(text(want), text(c.without(f))); diff != "" {
				t.Fatalf("seed %d, without finding %d (-one by one +crowd):\n%s", seed, i, diff)
			}
			alone := f.Open() && c.open[checkOf(f.Placed)] == 1 && len(c.all[f.Rule.ID]) == 0
			if diff := cmp.Diff(text(map[check]int{checkOf(f.Placed): -1}), text(want)); alone && diff != "" {
				t.Fatalf("seed %d: finding %d does not stand alone:\n%s", seed, i, diff)
			}
		}
	}
}

// text is how checks change, but for those that do not.
func text(delta map[check]int) map[string]int {
	changed := map[string]int{}
	for c, by := range delta {
		if by != 0 {
			changed[fmt.Sprint(c.rule.ID, " ", c.severity)] = by
		}
	}
	return changed
}

// TestCounting asks which findings of a crowd cost without some of them.
func TestCounting(t *testing.T) {
	t.Parallel()
	rules := []*audit.Rule{{ID: "a"}, {ID: "b"}, {ID: "c"}}
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // the same each time
		findings := someFindings(r, rules)
		for len(findings) <= few {
			findings = append(findings, someFindings(r, rules)...)
		}
		removed := map[*Finding]bool{}
		for _, f := range findings {
			removed[f] = r.IntN(3) == 0
		}
		gone := func(f *Finding) bool { return removed[f] }
		counts := counting(findings, gone)
		for i, f := range findings {
			freed := implied(f, findings, func(*Finding) bool { return false }) && !implied(f, findings, gone)
			if want := f.Accepted == nil && !gone(f) && (f.Implied == "" || freed); counts(f) != want {
				t.Fatalf("seed %d: finding %d counts: %t", seed, i, !want)
			}
		}
	}
}
