package report_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/report"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// What engines found stands beside the findings: a policy that a rule judges as well names
// the finding of the same object, and one that nobody knows is told by itself.
func TestViolations(t *testing.T) {
	t.Parallel()
	file := filepath.Join("..", "rules", "platform", "testdata", "policy-violated", "fail.yaml")
	source := manifest.New([]string{file}, manifest.Options{
		Info: &kube.Info{Name: "prod", Version: "v1.37.2"}, Now: func() time.Time { return thatNoon },
	})
	view, err := kube.Load(t.Context(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	a := score.Assess(view, rules.All())
	part := func(format, from, to string) string {
		_, text, found := strings.Cut(string(withSection(t, format, a, report.ReadinessSection())), from)
		text, _, ended := strings.Cut(text, to)
		if !found || !ended {
			t.Fatalf("%s has nothing between %q and %q", format, from, to)
		}
		return from + text
	}
	expectGolden(t, "violations-text", part("text", "\nViolations that policy engines found: ", "\n\n"))
	expectGolden(t, "violations-markdown", part("markdown", "\n### Violations ", "\n\n#"))
	expectGolden(t, "violations-html", part("html", "<caption>Violations ", "</table>"))

	var read struct {
		Readiness report.Readiness `json:"readiness"`
		Findings  []struct{ ID, Rule string }
	}
	if err := json.Unmarshal(withSection(t, "json", a, report.ReadinessSection()), &read); err != nil {
		t.Fatal(err)
	}
	rule := map[string]string{}
	for _, f := range read.Findings {
		rule[f.ID] = f.Rule
	}
	got := map[string][]string{} // the rules of the findings, by policy
	for _, v := range read.Readiness.Violations {
		got[v.Policy] = nil
		for _, id := range v.Evidence {
			got[v.Policy] = append(got[v.Policy], rule[id])
		}
	}
	want := map[string][]string{"require-team": nil, "K8sRequiredLabels/owner": nil, "disallow-privileged-containers": {"privileged-container"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rules beside violations (-want +got):\n%s", diff)
	}
}
