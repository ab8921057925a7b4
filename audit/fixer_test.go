package audit_test

import (
	"iter"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// title is the fix of each container below.
func title(c kube.Container) audit.Fix { return audit.SetField("fix "+c.Name, c.Field("tty"), true) }

// A result has no fixes, and the rule says them again for the finding asked about.
func TestFixer(t *testing.T) {
	t.Parallel()
	report := func(p *audit.Pass, _ *kube.Workload, c kube.Container) bool {
		p.Report(audit.Finding{Container: c.Name, Path: c.Field("tty"), Message: "no terminal", Fixes: []audit.Fix{title(c)}})
		return true
	}
	list := func(c *kube.Cluster) iter.Seq2[audit.Subject, *kube.Workload] {
		return func(yield func(audit.Subject, *kube.Workload) bool) {
			for _, w := range c.Workloads() {
				if !yield(audit.Subject{Ref: w.Ref, Namespace: "elsewhere"}, w) {
					return
				}
			}
		}
	}
	checks := map[string]audit.Check{
		"subject by subject": audit.EachContainer(report),
		"a list of its own": audit.Each(list, func(p *audit.Pass, w *kube.Workload) {
			for c := range w.Containers() {
				report(p, w, c)
			}
		}),
	}
	for name, check := range checks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rule := &audit.Rule{ID: "no-terminal", Severity: audit.Low, Check: check, Subjects: kube.WorkloadResources()}
			b := kube.NewBuilder(kube.Info{})
			for _, name := range []string{"api", "web"} {
				d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: name}}
				d.Spec.Template.Spec.Containers = []corev1.Container{{Name: name}, {Name: "proxy"}}
				if err := b.Set(kube.Deployments, d); err != nil {
					t.Fatal(err)
				}
			}
			c := b.Build(time.Unix(0, 0))
			findings := audit.Run(c, []audit.Category{{ID: "terminals", Rules: []*audit.Rule{rule}}}).Findings()
			if len(findings) != 4 {
				t.Fatalf("%d findings, want 4", len(findings))
			}
			fixer := audit.NewFixer(c)
			b.Delete(kube.Deployments, "shop", "web")
			later := audit.NewFixer(b.Build(time.Unix(1, 0)))
			for _, f := range findings {
				if f.Fixes != nil || !f.Fixable {
					t.Errorf("%s holds fixes %v, fixable %t", f.ID(), f.Fixes, f.Fixable)
				}
				want := []audit.Fix{audit.SetField("fix "+f.Container, f.Path, true)}
				if diff := cmp.Diff(want, fixer.Fixes(f)); diff != "" {
					t.Errorf("the fixes of %s (-want +got):\n%s", f.ID(), diff)
				}
				if f.Subject.Name == "web" {
					want = nil
				}
				if diff := cmp.Diff(want, later.Fixes(f)); diff != "" {
					t.Errorf("the fixes of %s, of which only api is left (-want +got):\n%s", f.ID(), diff)
				}
				other := *f.Finding
				other.Message = "of another finding"
				if got := fixer.Fixes(&audit.Placed{Place: f.Place, Finding: &other}); got != nil {
					t.Errorf("a finding that nobody reports has fixes %v", got)
				}
			}
		})
	}
}

// A placeholder is told of a finding without a fix, and never among its fixes.
func TestPlaceholder(t *testing.T) {
	t.Parallel()
	blank := audit.SetField("fill it in", "spec.template.spec.containers[0].image", "<the image>")
	rule := &audit.Rule{
		ID: "no-image", Severity: audit.Low, Subjects: kube.WorkloadResources(),
		Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
			p.Report(audit.Finding{Message: "it has no image", Placeholder: &blank})
		}),
	}
	b := kube.NewBuilder(kube.Info{})
	if err := b.Set(kube.Deployments, &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"}}); err != nil {
		t.Fatal(err)
	}
	c := b.Build(time.Unix(0, 0))
	findings := audit.Run(c, []audit.Category{{ID: "images", Rules: []*audit.Rule{rule}}}).Findings()
	if len(findings) != 1 || findings[0].Fixable || findings[0].Placeholder != nil {
		t.Fatalf("%d findings; want one that is not fixable and holds nothing", len(findings))
	}
	fixer := audit.NewFixer(c)
	if diff := cmp.Diff(&blank, fixer.Placeholder(findings[0])); diff != "" || fixer.Fixes(findings[0]) != nil {
		t.Errorf("fixes %v, placeholder (-want +got):\n%s", fixer.Fixes(findings[0]), diff)
	}
}
