package framework_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/framework"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/kube"
)

func all(t *testing.T) []framework.Framework {
	t.Helper()
	frameworks, err := framework.All()
	if err != nil {
		t.Fatal(err)
	}
	return frameworks
}

func TestFrameworksAreWhole(t *testing.T) {
	t.Parallel()
	slug := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	for _, f := range all(t) {
		if !slug.MatchString(f.ID) || f.Title == "" || f.Edition == "" || f.About == "" || !strings.HasPrefix(f.Source, "https://") || len(f.Controls) == 0 {
			t.Errorf("framework %+v lacks something", f)
		}
		controls := map[string]bool{}
		for _, c := range f.Controls {
			if c.ID == "" || c.Title == "" || controls[c.ID] {
				t.Errorf("%s: control %+v has no ID or title, or is there twice", f.ID, c)
			}
			if c.Manual != "" && len(c.Rules) > 0 {
				t.Errorf("%s: %s is judged and is not", f.ID, c.ID)
			}
			controls[c.ID] = true
		}
	}
}

func TestRulesAnswerForControlsThatExist(t *testing.T) {
	t.Parallel()
	ids := map[string]bool{}
	for _, f := range all(t) {
		ids[f.Mark] = true
		for _, c := range f.Controls {
			ids[c.ID] = true
		}
	}
	for _, category := range rules.All() {
		for _, r := range category.Rules {
			for _, control := range r.Controls {
				if !ids[control] {
					t.Errorf("rule %s answers for %s, which no framework has", r.ID, control)
				}
			}
		}
	}
}

// A framework without numbers lists rules, and each of them bears its mark: so
// that what a rule says of itself and what the framework says of it is the same.
func TestMarksAndListsSayTheSame(t *testing.T) {
	t.Parallel()
	for _, f := range all(t) {
		if f.Mark == "" {
			continue
		}
		var marked, listed []string
		for _, category := range rules.All() {
			for _, r := range category.Rules {
				if slices.Contains(r.Controls, f.Mark) {
					marked = append(marked, r.ID)
				}
				for _, c := range f.Controls {
					if slices.Contains(c.Rules, r.ID) && !inherited(t, f, c) {
						listed = append(listed, r.ID)
					}
				}
			}
		}
		slices.Sort(marked)
		slices.Sort(listed)
		if diff := cmp.Diff(marked, listed); diff != "" {
			t.Errorf("%s (-marked +listed):\n%s", f.ID, diff)
		}
	}
}

// inherited reports whether a control is one of an included framework.
func inherited(t *testing.T, f framework.Framework, c framework.Control) bool {
	t.Helper()
	if f.Includes == "" {
		return false
	}
	included, err := framework.Named(f.Includes)
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(included.Controls, func(other framework.Control) bool { return other.ID == c.ID })
}

func TestNamed(t *testing.T) {
	t.Parallel()
	restricted, err := framework.Named("pss-restricted")
	if err != nil {
		t.Fatal(err)
	}
	baseline, err := framework.Named("pss-baseline")
	if err != nil || len(restricted.Controls) <= len(baseline.Controls) {
		t.Errorf("restricted has %d controls, baseline %d (%v)", len(restricted.Controls), len(baseline.Controls), err)
	}
	if _, err := framework.Named("pss"); err == nil || !strings.Contains(err.Error(), "pss-restricted") {
		t.Errorf("pss is %v", err)
	}
}

func TestEvaluate(t *testing.T) {
	t.Parallel()
	rule := func(id string, reads kube.Resource, fails bool, controls ...string) *audit.Rule {
		r := &audit.Rule{ID: id, Severity: audit.Medium, Controls: controls, Subjects: []kube.Resource{kube.Deployments}}
		if !reads.IsZero() {
			r.Reads = []kube.Resource{reads}
		}
		r.Check = audit.EachWorkload(func(p *audit.Pass, _ *kube.Workload) {
			if fails {
				p.Report(audit.Finding{Message: "wrong"})
			}
		})
		return r
	}
	idle := rule("idle", kube.Resource{}, false, "C5")
	idle.Check = audit.EachWorkload(func(p *audit.Pass, _ *kube.Workload) { p.NotApplicable() })
	category := audit.Category{ID: "some", Rules: []*audit.Rule{
		rule("fine", kube.Resource{}, false, "C1", "C2"), rule("wrong", kube.Resource{}, true, "C2"),
		rule("blind", kube.Services, false, "C3"), idle,
	}}
	b := kube.NewBuilder(kube.Info{})
	for _, name := range []string{"one", "two"} {
		if err := b.Set(kube.Deployments, &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: name}}); err != nil {
			t.Fatal(err)
		}
	}
	b.SetState(kube.State{Resource: kube.Services, Phase: kube.Forbidden, Reason: "may not list services"})
	result := audit.Run(b.Build(time.Unix(0, 0)), []audit.Category{category})
	f := framework.Framework{ID: "test", Controls: []framework.Control{
		{ID: "C1"}, {ID: "C2"}, {ID: "C3"}, {ID: "C4"}, {ID: "C5"}, {ID: "C6", Manual: "ask somebody"}, {ID: "C7", Rules: []string{"wrong"}},
	}}
	c := framework.Evaluate(f, result)
	var got [][2]string
	for _, o := range c.Outcomes {
		got = append(got, [2]string{string(o.Verdict), o.Reason})
	}
	want := [][2]string{
		{"pass", ""},
		{"fail", ""},
		{"not evaluated", "services: may not list services"},
		{"not evaluated", "no rule that is switched on answers for it"},
		{"not evaluated", "there is nothing that idle would judge"},
		{"not evaluated", "ask somebody"},
		{"fail", ""},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	failed := c.Outcomes[1]
	if failed.Judged != 4 || failed.Failing != 2 || len(failed.Findings) != 2 || c.Passed != 1 || c.Failed != 2 || c.Unanswered != 4 {
		t.Errorf("C2 is %+v; %d pass, %d fail, %d are not answered", failed, c.Passed, c.Failed, c.Unanswered)
	}
}
