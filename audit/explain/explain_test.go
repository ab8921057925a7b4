package explain_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/explain"
	"github.com/seaworthy-dev/seaworthy/audit/policy"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
)

// TestEveryRuleIsExplained: each has what fails and what passes, and what fails is
// marked.
func TestEveryRuleIsExplained(t *testing.T) {
	t.Parallel()
	all, err := explain.All(nil, rules.All())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		fails, passes := r.Example(explain.Fails), r.Example(explain.Passes)
		if !strings.Contains(fails, "# fails: ") || strings.Contains(fails+passes, "# want ") || passes == "" {
			t.Errorf("%s: its examples are not marked as people read them", r.ID)
		}
		if fixed := r.Example(explain.Fixed); fixed == fails {
			t.Errorf("%s: what is fixed is what fails", r.ID)
		}
		repair := r.Repair()
		for line := range strings.SplitSeq(repair, "\n") {
			plain, _, marked := strings.Cut(line, " # fails: ")
			if marked && strings.HasPrefix(line, "-") && strings.Contains(repair, "\n+"+plain[1:]+"\n") {
				t.Errorf("%s: its fix shows nothing but a mark that goes: %s", r.ID, line)
			}
		}
		if fixable := r.Example(explain.Fixed) != ""; fixable != (repair != "") {
			t.Errorf("%s: its fix is %q", r.ID, repair)
		}
		if !r.Enabled || r.Own != r.Severity || !strings.Contains(r.Kind(), r.Category.ID) {
			t.Errorf("%s without a policy is %s", r.ID, r.Kind())
		}
	}
}

func TestUnderAPolicy(t *testing.T) {
	t.Parallel()
	text := "rules:\n  pdb-missing: {severity: high}\n  single-replica: {enabled: false}\n"
	p, err := policy.Parse("seaworthy.yaml", []byte(text), rules.All(), "")
	if err != nil {
		t.Fatal(err)
	}
	all, err := explain.All(p, rules.All())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, r := range all {
		if r.ID == "pdb-missing" || r.ID == "single-replica" {
			for _, fact := range r.Facts() {
				if strings.HasPrefix(fact, "Off") || strings.HasPrefix(fact, "By itself") {
					got[r.ID] = r.Severity.String() + " " + fact
				}
			}
		}
	}
	want := map[string]string{
		"pdb-missing":    "high By itself it is medium; profile default with seaworthy.yaml sees it otherwise.",
		"single-replica": "medium Off: profile default with seaworthy.yaml leaves it out.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
}

// TestWithoutExamples: a rule that judges no cluster has none.
func TestWithoutExamples(t *testing.T) {
	t.Parallel()
	r, err := explain.Of(nil, &audit.Rule{ID: "r", Severity: audit.Low}, audit.Category{ID: "c"})
	if err != nil || len(r.Examples()) > 0 {
		t.Errorf("%v, %v", r.Examples(), err)
	}
}

// BenchmarkFacts is what a screen does when its cursor goes to a rule.
func BenchmarkFacts(b *testing.B) {
	all, err := explain.All(nil, rules.All())
	if err != nil {
		b.Fatal(err)
	}
	i := 0
	for b.Loop() {
		i++
		if len(all[i%len(all)].Facts()) == 0 {
			b.Fatal("a rule without facts")
		}
	}
}
