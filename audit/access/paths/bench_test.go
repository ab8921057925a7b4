package paths_test

import (
	"fmt"
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access/paths"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest/fleet"
)

// BenchmarkChanges looks for the few changes that close most, and the cheapest that
// close all, on a fleet of 150,000 pods in which 2,000 users may create pods in a
// namespace.
func BenchmarkChanges(b *testing.B) {
	f := fleet.Of(150_000)
	builder, err := f.Builder()
	if err != nil {
		b.Fatal(err)
	}
	set := func(r kube.Resource, o kube.Object) {
		if err := builder.Set(r, o); err != nil {
			b.Fatal(err)
		}
	}
	for i := range 2000 {
		meta := metav1.ObjectMeta{Namespace: fmt.Sprintf("team-%04d", i%f.Namespaces()), Name: fmt.Sprintf("maker-%d", i)}
		set(kube.Roles, &rbacv1.Role{ObjectMeta: meta, Rules: []rbacv1.PolicyRule{{Verbs: []string{"create"}, APIGroups: []string{""}, Resources: []string{"pods"}}}})
		set(kube.RoleBindings, &rbacv1.RoleBinding{
			ObjectMeta: meta, RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: meta.Name},
			Subjects: []rbacv1.Subject{{Kind: rbacv1.UserKind, Name: meta.Name}},
		})
	}
	view := builder.Build(fleet.Began())
	m := paths.Of(view)
	ways, err := m.Towards(b.Context(), append(m.Nodes(), m.Cluster()))
	if err != nil {
		b.Fatal(err)
	}
	starts := m.Starts()
	b.Run("plan", func(b *testing.B) {
		for b.Loop() {
			_, open, err := ways.Plan(b.Context(), view, starts, 5)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(open), "open")
		}
	})
	b.Run("cut", func(b *testing.B) {
		for b.Loop() {
			cut, err := ways.Cut(b.Context(), view, starts)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(len(cut.Changes)), "changes")
			b.ReportMetric(float64(cut.Cost-cut.Bound), "unproved")
		}
	})
}
