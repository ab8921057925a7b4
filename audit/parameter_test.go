package audit_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
)

func TestWithParameters(t *testing.T) {
	t.Parallel()
	rule := &audit.Rule{ID: "image-registry-not-allowed", Parameters: []audit.Parameter{{Name: "allowed", Value: []string{}}, {Name: "days", Value: 30}}}
	changed, err := rule.With(map[string]any{"allowed": []string{"registry.example"}})
	if err != nil {
		t.Fatal(err)
	}
	p, was := &audit.Pass{Rule: changed}, &audit.Pass{Rule: rule}
	if diff := cmp.Diff([]string{"registry.example"}, p.Texts("allowed")); diff != "" {
		t.Errorf("allowed (-want +got):\n%s", diff)
	}
	if len(was.Texts("allowed")) != 0 || p.Number("days") != 30 || p.Text("nothing") != "" || p.Switch("days") {
		t.Error("the rule itself changed, or another parameter has a value that nobody gave it")
	}
	for want, values := range map[string]map[string]any{
		`no parameter "denied"`:    {"denied": []string{}},
		"days is a int, not a str": {"days": "30"},
	} {
		if _, err := rule.With(values); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("With(%v) says %v, want %q", values, err, want)
		}
	}
}
