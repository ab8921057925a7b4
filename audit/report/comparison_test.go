package report_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
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

// TestComparisonForPrograms holds the keys, and that each change has the side it is of.
func TestComparisonForPrograms(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	compared := compare.Assessments(privileged(t, false), privileged(t, true))
	if err := report.WriteComparisonJSON(&text, compared); err != nil {
		t.Fatal(err)
	}
	var doc report.ComparisonDocument
	decoder := json.NewDecoder(&text)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	if doc.Schema != "seaworthy/comparison/v1" || doc.Counts["new"] == 0 || len(doc.Changes) != compared.Counts.Total() {
		t.Errorf("schema %s, counts %v and %d changes, want those of %v", doc.Schema, doc.Counts, len(doc.Changes), compared.Counts)
	}
	writers := []report.Writer{
		{Manager: "kubectl-edit", Operation: "Update", Time: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)},
		{Manager: "argocd-controller", Operation: "Apply", Time: time.Date(2026, 3, 1, 8, 30, 0, 0, time.UTC)},
	}
	for _, change := range doc.Changes {
		if change.Kind == "new" {
			isNew(t, change, writers)
		}
	}
}

// isNew expects a change that is a new finding, and, of the Deployment, who wrote that.
func isNew(t *testing.T, change report.Change, writers []report.Writer) {
	t.Helper()
	if change.Before != nil || change.After == nil {
		t.Fatalf("a new finding is %+v", change)
	}
	if costs := change.After.Category != "platform"; costs && change.Points >= 0 {
		t.Errorf("a new finding costs nothing: %+v", change)
	}
	if change.After.Kind != "Deployment" {
		return
	}
	if d := cmp.Diff(writers, change.Writers); d != "" {
		t.Errorf("who wrote it in between (-want +got):\n%s", d)
	}
	if want := "Argo CD"; change.Owner != want {
		t.Errorf("it belongs to %q, want %q", change.Owner, want)
	}
}

// TestComparisonForATerminal groups by who wrote what got worse, and lets nothing of a
// cluster's text through that a terminal obeys.
func TestComparisonForATerminal(t *testing.T) {
	t.Parallel()
	by, err := report.GroupingNamed("writer")
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if err := report.WriteComparisonText(&text, compare.Assessments(privileged(t, false), privileged(t, true)), by); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\nWRITER ", "\nkubectl-edit ", "; object written by kubectl-edit, 2026-03-01 09:00:00 UTC", "\nNew, in objects that were there ("} {
		if !strings.Contains(strings.ReplaceAll(text.String(), "          object", "; object"), want) {
			t.Errorf("there is no %q in:\n%s", want, text.String())
		}
	}
	if strings.Contains(text.String(), "\x1b") {
		t.Errorf("a terminal would obey it:\n%q", text.String())
	}
}

// privileged assesses a Deployment that is written by two after the first hour.
func privileged(t *testing.T, is bool) *score.Assessment {
	t.Helper()
	seen := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"}}
	wrote := func(manager string, operation metav1.ManagedFieldsOperationType, at time.Time) {
		d.ManagedFields = append(d.ManagedFields, metav1.ManagedFieldsEntry{Manager: manager, Operation: operation, Time: &metav1.Time{Time: at}})
	}
	wrote("helm", metav1.ManagedFieldsOperationUpdate, seen.Add(-time.Hour))
	if is {
		wrote("argocd-controller", metav1.ManagedFieldsOperationApply, seen.Add(30*time.Minute))
		wrote("kubectl-edit", metav1.ManagedFieldsOperationUpdate, seen.Add(time.Hour))
		seen = seen.Add(2 * time.Hour)
	}
	d.Spec.Template.Spec.Containers = []corev1.Container{{Name: "web", Image: "web:1", SecurityContext: &corev1.SecurityContext{Privileged: &is}}}
	b := kube.NewBuilder(kube.Info{Name: "prod|<b>\x1b[2J"})
	if err := b.Set(kube.Deployments, d); err != nil {
		t.Fatal(err)
	}
	return score.Assess(b.Build(seen), rules.All())
}
