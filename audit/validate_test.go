package audit_test

import (
	"math"
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// A rule that measures is described so that its figure means something.
func TestMeasuresAreValidated(t *testing.T) {
	t.Parallel()
	ofNamespaces := audit.EachNamespace(func(*audit.Pass, string) {})
	ofWorkloads := audit.EachWorkload(func(*audit.Pass, *kube.Workload) {})
	for _, test := range []struct {
		name    string
		weights []float64
		check   audit.Check
		wide    bool
		want    string // "" for no fault
	}{
		{"none", []float64{0}, ofWorkloads, false, ""},
		{"two that add up to 1", []float64{0.3, 0.7}, ofNamespaces, true, ""},
		{"less than nothing", []float64{-0.1}, ofNamespaces, true, "is not 0 to 1"},
		{"more than all", []float64{1.1}, ofNamespaces, true, "is not 0 to 1"},
		{"no number", []float64{math.NaN()}, ofNamespaces, true, "is not 0 to 1"},
		{"more than all together", []float64{0.6, 0.6}, ofNamespaces, true, "add up to 1.2"},
		{"of workloads", []float64{0.1}, ofWorkloads, true, "judge each namespace"},
		{"not as a whole", []float64{0.1}, ofNamespaces, false, "judge each namespace"},
	} {
		category := audit.Category{ID: "measured", Title: "Measured", Label: "Measured", About: "What is measured."}
		for i, weight := range test.weights {
			category.Rules = append(category.Rules, &audit.Rule{
				ID: string(rune('a' + i)), Title: "t", Severity: audit.Low, Rationale: "r", Remediation: "r", Since: "1",
				Subjects: []kube.Resource{kube.Namespaces}, Check: test.check, Wide: test.wide, Weight: weight,
			})
		}
		err := audit.Validate([]audit.Category{category})
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: %v, want a fault with %q", test.name, err, test.want)
		}
	}
}
