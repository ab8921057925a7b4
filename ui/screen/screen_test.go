package screen_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/themes"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// twice is a rule with two findings at one place of each workload, which only
// their messages tell apart.
func twice() []audit.Category {
	return []audit.Category{{ID: "probes", Title: "Probes", Heart: true, Weight: 1, Rules: []*audit.Rule{{
		ID: "twice", Severity: audit.Medium, Subjects: []kube.Resource{kube.Deployments},
		Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
			p.Report(audit.Finding{Path: "spec", Message: "first"})
			p.Report(audit.Finding{Path: "spec", Message: "second"})
		}),
	}}}}
}

func TestEveryFindingHasAKeyThatFindsIt(t *testing.T) {
	t.Parallel()
	for name, categories := range map[string][]audit.Category{"real rules": screentest.Categories(), "two at one place": twice()} {
		a := score.Assess(screentest.Cluster(t).Build(screentest.Noon), categories)
		count := 0
		for _, n := range a.Namespaces {
			twins := screen.Twins(n.Findings)
			var keys []string
			for _, f := range n.Findings {
				keys = append(keys, screen.FindingKey(f, twins[f]))
			}
			for i, key := range keys {
				count++
				if found := screen.FindFinding(a, key); found != n.Findings[i] {
					t.Errorf("%s: the key %q leads to %v", name, key, found)
				}
				if slices.Index(keys, key) != i {
					t.Errorf("%s: the key %q stands twice", name, key)
				}
			}
		}
		if count < 6 {
			t.Errorf("%s: there are only %d findings", name, count)
		}
		for _, key := range []string{"", "/", "twice", "twice/payments/Deployment/gateway//spec#2", "twice/nowhere/x", "#1", "a#b"} {
			if f := screen.FindFinding(a, key); f != nil {
				t.Errorf("%s: the key %q leads to %v", name, key, f)
			}
		}
	}
}

func TestCompareFindings(t *testing.T) {
	t.Parallel()
	of := func(name string, severity audit.Severity, points float64, implied string) *score.Finding {
		f := &audit.Finding{Message: name, Severity: severity, Implied: implied}
		return &score.Finding{Placed: &audit.Placed{Place: &audit.Place{}, Finding: f}, Points: points}
	}
	list := []*score.Finding{
		of("follows", audit.Critical, 0, "other"), of("mild", audit.Low, 9, ""), of("cheap", audit.High, 1, ""),
		of("dear", audit.High, 2, ""), of("worst", audit.Critical, 1, ""), of("follows mildly", audit.Low, 0, "other"),
	}
	slices.SortStableFunc(list, screen.CompareFindings)
	var got []string
	for _, f := range list {
		got = append(got, f.Message)
	}
	if diff := cmp.Diff([]string{"worst", "dear", "cheap", "mild", "follows", "follows mildly"}, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestFilterOf(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"findings": "", "findings?filter=sev>=high": "sev>=high", "findings?sev=critical": "sev=critical",
		"findings?sev=critical&filter=a+b&ns=x": "ns=x sev=critical a b",
	} {
		address, err := nav.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := screen.FilterOf(address); got != want {
			t.Errorf("the filter of %q is %q, want %q", text, got, want)
		}
	}
}

func categories() []score.CategoryScore {
	high := score.Counts{audit.High: 12}
	return []score.CategoryScore{
		{Title: "RBAC scope", Heart: true, Scored: true, Score: 50, Points: 12.3, Counts: high},
		{Title: "Images", Scored: true, Score: 70, Points: 1, Counts: high},
		{Title: "Probes", Heart: true, Scored: true, Score: 100},
		{Title: "Storage"},
		{Title: "Autoscaling", Heart: true},
	}
}

func TestGaugesFitEveryWidth(t *testing.T) {
	t.Parallel()
	theme, err := (*themes.Library)(nil).Load(themes.Default)
	if err != nil {
		t.Fatal(err)
	}
	styles := style.New(theme, style.Options{})
	for width := 30; width <= 300; width++ {
		lines := screen.HeartGauges(styles, categories(), width)
		if len(lines) != 3 {
			t.Fatalf("at width %d there are %d lines, want 3", width, len(lines))
		}
		for _, line := range lines {
			if got := ansi.StringWidth(line); got > width {
				t.Errorf("at width %d a line has %d cells: %q", width, got, ansi.Strip(line))
			}
		}
		text := ansi.Strip(strings.Join(lines, "\n"))
		for _, want := range []string{"RBAC scope", "50.0", "100.0", "n/a"} {
			if !strings.Contains(text, want) {
				t.Errorf("at width %d there is no %q:\n%s", width, want, text)
			}
		}
		if strings.Contains(text, "Storage") || strings.Contains(text, "Images") != (width >= 150) {
			t.Errorf("at width %d other categories are wrong:\n%s", width, text)
		}
	}
}

func TestSeveritiesAreDrawnInOrder(t *testing.T) {
	t.Parallel()
	for _, severity := range audit.Severities() {
		if got := screen.Severity(severity).String(); got != severity.String() {
			t.Errorf("%s is drawn as %s", severity, got)
		}
	}
	if got := screen.Severity(0); got != style.Info {
		t.Errorf("no severity is drawn as %s", got)
	}
}
