package report_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"testing/quick"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/framework"
	"github.com/seaworthy-dev/seaworthy/audit/report"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// asked is a framework with a control that fails and one that nobody judges.
func asked() framework.Framework {
	return framework.Framework{ID: "test", Title: "Some framework", Edition: "first", Source: "https://example.com", Controls: []framework.Control{
		{ID: "CIS-5.2.2", Title: "Nothing is privileged"}, {ID: "T-2", Title: "Somebody looks", Manual: "people do"},
	}}
}

// written returns a report, with that framework or without.
func written(t *testing.T, format string, a *score.Assessment, frameworks ...framework.Framework) []byte {
	t.Helper()
	f, err := report.FormatNamed(format)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.Write(&out, a, report.Frameworks(frameworks...)...); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// crowd is an assessment of as many namespaces, in each of which every workload fails
// a rule as often as there are messages; "" is the file of what was in none.
func crowd(t *testing.T, namespaces, workloads int, file string, messages ...string) *score.Assessment {
	t.Helper()
	b := kube.NewBuilder(kube.Info{Name: "crowd"})
	for n := range namespaces {
		for w := range workloads {
			d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: name("ns", n), Name: name("web", w)}}
			d.Spec.Template.Spec.Containers = []corev1.Container{{Name: "app"}}
			if err := b.Set(kube.Deployments, d); err != nil {
				t.Fatal(err)
			}
			if file != "" {
				b.SetOrigin(kube.Deployments.Ref(d.Namespace, d.Name), kube.NewOrigin(file, 1+w, nil))
			}
		}
	}
	check := audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		for _, message := range messages {
			p.Report(audit.Finding{Message: message, Detail: message})
		}
	})
	return score.Assess(b.Build(time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)), []audit.Category{{
		ID: "probes", Title: "Probes", Label: "Probes", Weight: 8, Heart: true,
		Rules: []*audit.Rule{{ID: "says", Title: "Says something", Severity: audit.High, Subjects: []kube.Resource{kube.Deployments}, Check: check}},
	}})
}

func name(kind string, n int) string {
	return kind + "-" + string([]byte{'a' + byte(n/676%26), 'a' + byte(n/26%26), 'a' + byte(n%26)})
}

// anything calls a property with texts that formats have a meaning for, and with
// whatever else there is.
func anything(t *testing.T, holds func(text string) bool) {
	t.Helper()
	for _, text := range []string{
		"", hostile, "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " \n =1", "＝1", `"=1`, "a,b;c\"d\r\ne", "%0A::error::x", "50 % :,",
		"\n::stop-commands::x", "##[add-mask]x", "]]>&<!--", "x: y # z", "- [a](https://example.com)", "yes", "1e3", "\\", "\xff\xfe", "\U0001f6a2", "null",
	} {
		if !holds(text) {
			t.Errorf("it does not hold for %q", text)
		}
	}
	const first = ":,=+-@\t\r\n%\"'\\{}[]"
	if err := quick.Check(func(at uint8, text string) bool {
		return holds(string(first[int(at)%len(first)]) + text)
	}, &quick.Config{MaxCount: 50}); err != nil {
		t.Error(err)
	}
}

// TestEveryFormatIsHarmless holds that no format writes a byte a terminal obeys, whatever
// is said by the cluster.
func TestEveryFormatIsHarmless(t *testing.T) {
	t.Parallel()
	for _, f := range report.Formats() {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			anything(t, func(text string) bool {
				out := string(written(t, f.Name, crowd(t, 1, 1, "dir/"+text, text, "another")))
				return !strings.ContainsFunc(strings.ReplaceAll(out, "\r\n", "\n"), func(r rune) bool {
					return r < ' ' && r != '\n' && (r != '\t' || f.Name != "html") || r >= 0x7f && r <= 0x9f || slices.Contains([]rune("\u202e\u2028\U000e0041"), r)
				})
			})
		})
	}
}
