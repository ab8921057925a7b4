package report_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/policy"
	"github.com/seaworthy-dev/seaworthy/audit/report"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var update = flag.Bool("update", false, "write the golden files anew")

// hostile is what a cluster may try to write on the reader's screen.
const hostile = "x\x1b[2J\x07\u009b2J<script>alert(1)</script>|`**bold**\u202e\U000e0041"

// assessment has a bad namespace, a clean one, one that is the platform's, one
// resource that could not be read, and hostile text wherever a cluster has a say.
func assessment(t *testing.T) *score.Assessment {
	t.Helper()
	c, categories := seen(t)
	return score.Assess(c, categories)
}

// accepting is the same with some of it accepted, one for a reason that is hostile.
func accepting(t *testing.T) *score.Assessment {
	t.Helper()
	c, categories := seen(t)
	p, err := policy.Parse("seaworthy.yaml", fmt.Appendf(nil, `exemptions:
- scope: {rule: privileged, namespace: payments}
  reason: %q
  owner: payments
  expires: 2027-01-31
- scope: {rule: slow}
  reason: it is a batch job
  owner: ledger
- scope: {rule: readiness, kind: DaemonSet}
  reason: blind there
  owner: nobody
- scope: {rule: escalation, kind: DaemonSet}
  reason: long gone
  owner: somebody
- scope: {rule: escalation}
  reason: until it is rewritten
  owner: somebody
  expires: 2026-05-03
`, hostile), categories, "")
	if err != nil {
		t.Fatal(err)
	}
	return score.NewAssessor(categories, nil).Under(p.NewReviewer(categories)).Assess(c)
}

// seen is a view, and what it is judged by.
func seen(t *testing.T) (*kube.Cluster, []audit.Category) {
	t.Helper()
	b := kube.NewBuilder(kube.Info{Name: "prod", Server: "https://prod.example", Version: "v1.37.1", User: "auditor"})
	for _, place := range [][2]string{{"payments", "checkout"}, {"payments", "ledger"}, {"catalog", "search"}, {"kube-system", "dns"}} {
		d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: place[0], Name: place[1]}}
		d.Spec.Template.Spec.Containers = []corev1.Container{{Name: "app"}}
		if err := b.Set(kube.Deployments, d); err != nil {
			t.Fatal(err)
		}
	}
	b.SetState(kube.State{Resource: kube.Services, Phase: kube.Forbidden, Verb: "list", Reason: "services is forbidden " + hostile})
	b.SetOrigin(kube.Deployments.Ref("payments", "ledger"), kube.NewOrigin("ledger.yaml", 3, func(string) int { return 12 }))
	fails := func(names ...string) audit.Check {
		return audit.EachContainer(func(p *audit.Pass, w *kube.Workload, c kube.Container) bool {
			for _, name := range names {
				if w.Ref.Name == name {
					p.Report(audit.Finding{
						Container: c.Name, Path: c.Field("securityContext.privileged"), Message: "runs privileged " + hostile,
						Detail: "It may do " + hostile, Fixes: []audit.Fix{audit.SetField("set it to false", c.Field("securityContext.privileged"), false)},
					})
				}
			}
			return true
		})
	}
	follows := audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		if w.Ref.Name == "checkout" {
			p.Report(audit.Finding{Message: "may escalate", Implied: "privileged"})
		}
	})
	workloads := []kube.Resource{kube.Deployments}
	return b.Build(time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)), []audit.Category{
		{ID: "security-context", Title: "Security context", Label: "Security", Weight: 20, Heart: true, Rules: []*audit.Rule{
			{ID: "escalation", Title: "May gain privileges", Severity: audit.Medium, Subjects: workloads, Check: follows},
			{ID: "privileged", Title: "Runs privileged", Severity: audit.Critical, Controls: []string{"CIS-5.2.2"}, Subjects: workloads, Check: fails("checkout", "dns")},
		}},
		{ID: "probes", Title: "Probes", Label: "Probes", Weight: 8, Heart: true, Rules: []*audit.Rule{
			{ID: "readiness", Title: "No readiness probe", Severity: audit.Medium, Subjects: workloads, Reads: []kube.Resource{kube.Services}, Check: fails("ledger")},
			{ID: "slow", Title: "Slow", Severity: audit.Low, Subjects: workloads, Check: fails("ledger")},
		}},
	}
}

func write(t *testing.T, format string, a *score.Assessment) string {
	t.Helper()
	f, err := report.FormatNamed(format)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.Write(&out, a); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for _, f := range report.Formats() {
		for name, assess := range map[string]func(*testing.T) *score.Assessment{
			f.Name: assessment, f.Name + "-accepted": accepting,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				got := write(t, f.Name, assess(t))
				expectGolden(t, name, got)
				if again := write(t, f.Name, assess(t)); again != got {
					t.Error("the same input gave other bytes")
				}
			})
		}
	}
}

// expectGolden compares a report with the file of a name, or writes that with -update.
func expectGolden(t *testing.T, name, got string) {
	t.Helper()
	golden := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", golden, diff)
	}
}

// TestCompliance holds what each format says of frameworks.
func TestCompliance(t *testing.T) {
	t.Parallel()
	f := asked()
	alone := []string{"csv", "github", "prometheus"} // tell of findings, or in numbers
	for _, format := range report.Formats() {
		if slices.Contains(alone, format.Name) {
			continue
		}
		t.Run(format.Name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			if err := format.Write(&out, assessment(t), report.Frameworks(f)...); err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{"Some framework", "Nothing is privileged", "fail", "not evaluated", "people do"} {
				if !strings.Contains(out.String(), want) {
					t.Errorf("%q is not said", want)
				}
			}
			if strings.ContainsAny(out.String(), "\x1b\x07") {
				t.Error("the cluster writes to the terminal")
			}
		})
	}
	var out bytes.Buffer
	format, err := report.FormatNamed("json")
	if err != nil {
		t.Fatal(err)
	}
	if err := format.Write(&out, assessment(t), report.Frameworks(f)...); err != nil {
		t.Fatal(err)
	}
	var document report.Document
	if err := json.Unmarshal(out.Bytes(), &document); err != nil {
		t.Fatal(err)
	}
	c := document.Frameworks[0]
	if c.Failed != 1 || c.NotEvaluated != 1 || c.Controls[0].Verdict != "fail" || len(c.Controls[0].Evidence) != 2 || c.Controls[0].Failing != 2 {
		t.Errorf("compliance is %+v", c)
	}
}

func TestNothingHostileGetsThrough(t *testing.T) {
	t.Parallel()
	for _, f := range report.Formats() {
		text := write(t, f.Name, assessment(t)) + write(t, f.Name, accepting(t))
		for _, forbidden := range []string{"\x1b", "\x07", "\u009b", "\u202e", "\U000e0041"} {
			if strings.Contains(text, forbidden) {
				t.Errorf("%s lets %q through", f.Name, forbidden)
			}
		}
		if (f.Name == "html" || f.Name == "markdown") && strings.Contains(text, "<script>alert") {
			t.Errorf("%s lets a script through", f.Name)
		}
	}
}

// TestKeys holds the names that programs rely on.
func TestKeys(t *testing.T) {
	t.Parallel()
	var got map[string]any
	if err := json.Unmarshal([]byte(write(t, "json", assessment(t))), &got); err != nil {
		t.Fatal(err)
	}
	has := func(object any, where string, keys ...string) {
		t.Helper()
		m, ok := object.(map[string]any)
		if !ok {
			t.Fatalf("%s is %T, not an object", where, object)
		}
		for _, key := range keys {
			if _, ok := m[key]; !ok {
				t.Errorf("%s has no key %q", where, key)
			}
		}
	}
	first := func(key string) any { return got[key].([]any)[0] }
	has(got, "the report", "schema", "generated", "ruleset", "cluster", "coverage", "score", "grade", "namespaces", "findings")
	has(got["coverage"], "coverage", "percent", "blind")
	has(got["coverage"].(map[string]any)["blind"].([]any)[0], "blind", "resource", "verb", "reason")
	has(first("namespaces"), "a namespace", "name", "score", "grade", "group", "categories", "counts")
	has(first("namespaces").(map[string]any)["categories"].(map[string]any)["probes"], "a category", "score", "points")
	has(first("findings"), "a finding", "rule", "category", "severity", "namespace", "kind", "name", "container",
		"path", "message", "detail", "points", "gain", "fix", "accepted", "controls", "source")
	if message, _ := first("findings").(map[string]any)["message"].(string); !strings.HasSuffix(message, hostile) {
		t.Errorf("message %q does not end with what the cluster said", message)
	}
	if got["schema"] != "seaworthy/report/v1" {
		t.Errorf("schema %v", got["schema"])
	}
}

func TestUnknownFormat(t *testing.T) {
	t.Parallel()
	_, err := report.FormatNamed("pdf")
	if err == nil || !strings.Contains(err.Error(), `no format "pdf", only text, wide, json`) {
		t.Errorf("error %v", err)
	}
}
