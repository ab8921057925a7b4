package report_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/compare"
	"github.com/seaworthy-dev/seaworthy/audit/report"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// TestComparison writes what became of a container that is privileged: it was not, it
// came, it cannot be seen any more. A hostile name becomes no markup.
func TestComparison(t *testing.T) {
	t.Parallel()
	assess := func(privileged bool, states ...kube.State) *score.Assessment {
		b := kube.NewBuilder(kube.Info{Name: "prod|<b>\x1b[2J"})
		d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"}}
		d.Spec.Template.Spec.Containers = []corev1.Container{{Name: "web", Image: "web:1", SecurityContext: &corev1.SecurityContext{Privileged: &privileged}}}
		if err := b.Set(kube.Deployments, d); err != nil {
			t.Fatal(err)
		}
		for _, s := range states {
			b.SetState(s)
		}
		return score.Assess(b.Build(time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)), rules.All())
	}
	blind := kube.State{Resource: kube.Deployments, Phase: kube.Forbidden, Verb: "list", Reason: "jane may not list | deployments"}
	for name, tt := range map[string]struct {
		before, after *score.Assessment
		want          []string
	}{
		"new":     {assess(false), assess(true), []string{"same rules and profile", "## New, in objects that were there (", "| critical | shop | Deployment web, container web | container web runs privileged | `privileged-container` |  |"}},
		"fixed":   {assess(true), assess(false), []string{"## Fixed (", "| critical | shop |"}},
		"unknown": {assess(true), assess(false, blind), []string{"**Not comparable**: one could judge", "## Not seen any more, so not known to be fixed (", `jane may not list \| deployments`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			if err := report.WriteComparison(&b, compare.Assessments(tt.before, tt.after)); err != nil {
				t.Fatal(err)
			}
			got := b.String()
			for _, want := range append(tt.want, `# What changed in prod\|&lt;b&gt;`) {
				if !strings.Contains(got, want) {
					t.Errorf("there is no %q in:\n%s", want, got)
				}
			}
			if strings.Contains(got, "\x1b") || name == "unknown" && strings.Contains(got, "| critical | shop | Deployment web, container web | container web runs privileged | `privileged-container` |  |") {
				t.Errorf("what is written is harmful, or calls fixed what cannot be seen:\n%s", got)
			}
		})
	}
}
