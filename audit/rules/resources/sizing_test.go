package resources_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/rules/resources"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// proposal is what people read of a fix, or of the placeholder for one.
type proposal struct{ Title, Risk, Tentative string }

// proposals are those of one rule in one of its examples, by container.
func proposals(t *testing.T, rule, example string) map[string]proposal {
	t.Helper()
	source := manifest.New([]string{"testdata/" + rule + "/" + example}, manifest.Options{})
	c, err := kube.Load(context.Background(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	fixer := audit.NewFixer(c)
	said := map[string]proposal{}
	for _, f := range audit.Run(c, []audit.Category{resources.Category()}).Findings() {
		if f.Rule.ID != rule {
			continue
		}
		if blank := fixer.Placeholder(f); blank != nil {
			said[f.Container] = proposal{blank.Title, blank.Risk, blank.Tentative}
		}
		for _, fix := range fixer.Fixes(f) {
			said[f.Container] = proposal{fix.Title, fix.Risk, fix.Tentative}
		}
	}
	return said
}

// Every proposal says what it rests on, how it was rounded and what had to give way.
func TestProposalsSayWhatTheyRestOn(t *testing.T) {
	t.Parallel()
	const (
		measure = "No server accepts it as it is: the amounts are for a person to measure and fill in. A day of samples is what it takes (240 at least): " +
			"--prometheus reads them, or a VerticalPodAutoscaler in mode Off does."
		rounded = "It is rounded up to 10m; for one moment in twenty the container wants more, and has to find it idle on the node."
		since   = "It has had recommendations since 2025-12-10 08:00 UTC; how much it has seen, it does not say."
		kills   = "A container that goes above its limit is killed."
	)
	for _, tt := range []struct {
		rule, example string
		want          map[string]proposal
	}{
		{"cpu-request-missing", "fail-measured.yaml", map[string]proposal{
			"checkout": {"request 230m of CPU: 95 % of 60,480 samples of 7 pods over 7 days by Prometheus stay at or below 221m", rounded, ""},
			"proxy":    {"fill in the CPU request: a placeholder, since 12 samples of 1 pod over 3 min by Prometheus are too few", measure, ""},
		}},
		{"cpu-request-missing", "fail.yaml", map[string]proposal{
			"checkout": {"fill in the CPU request: a placeholder, since its use was not measured", measure, ""},
			"migrate":  {"fill in the CPU request: a placeholder, since its use was not measured", measure, ""},
			"mesh":     {"fill in the CPU request: a placeholder, since its use was not measured", measure, ""},
			"invoices": {"fill in the CPU request: a placeholder, since its use was not measured", measure, ""},
		}},
		{"cpu-request-missing", "fail-limitrange.yaml", map[string]proposal{
			"idle": {
				"request 100m of CPU: 95 % of 60,480 samples of 7 pods over 7 days by Prometheus stay at or below 3m",
				rounded + " LimitRange bounds admits no less than 100m.", "",
			},
			"busy": {
				"request 2 of CPU: 95 % of 60,480 samples of 7 pods over 7 days by Prometheus stay at or below 3",
				rounded + " LimitRange bounds admits no more than 2, which is less than the container needs.", "",
			},
			"tied": {
				"request 200m of CPU: 95 % of 60,480 samples of 7 pods over 7 days by Prometheus stay at or below 20m",
				rounded + " LimitRange bounds admits no less than 100m. " +
					"LimitRange bounds admits no limit of more than 4 times the request, which is therefore higher than what was measured.", "",
			},
		}},
		{"memory-request-missing", "fail-measured.yaml", map[string]proposal{
			"checkout": {
				"request 474Mi of memory: the most in 720 samples of 2 pods over 90 min by metrics-server is 412Mi, and 15 % more (a short window)",
				"It is rounded up to whole Mi. Measured was less than 24 h or fewer than 240 samples: a peak at another hour is not among them.",
				"it rests on a short window, 720 samples of 2 pods over 90 min by metrics-server",
			},
		}},
		{"memory-limit-missing", "fail-recommended.yaml", map[string]proposal{
			"ledger": {"limit memory to 500Mi: it is the upper bound of VerticalPodAutoscaler ledger", since + " " + kills, ""},
			"exporter": {
				"limit memory to 900Mi: VerticalPodAutoscaler ledger recommends to request 50Mi, and 25 % more",
				since + " A limit cannot be below the request of 900Mi. " + kills, "",
			},
			"unknown": {"fill in the memory limit: a placeholder, since its use was not measured", measure, ""},
		}},
		{"memory-usage-over-limit-threshold", "fail-killed.yaml", map[string]proposal{
			"session": {
				"limit memory to 500Mi: it was killed for lack of memory at 400Mi, and 25 % more",
				"The container was killed for lack of memory (once at least): what it needs is more than what was seen. It is rounded up to whole Mi. " + kills, "",
			},
		}},
	} {
		t.Run(tt.rule+" "+tt.example, func(t *testing.T) {
			t.Parallel()
			got := proposals(t, tt.rule, tt.example)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
