package scope_test

import (
	"fmt"
	"strconv"
	"testing"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/paths"
	"github.com/seaworthy-dev/seaworthy/audit/access/scope"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest/fleet"
)

const (
	benchPods     = 150_000
	benchBindings = 20_000
)

// crowd returns the Builder of a fleet with as many bindings more, each of a Role of
// its own to a ServiceAccount of its own and to one of a thousand groups.
func crowd(b *testing.B) *kube.Builder {
	b.Helper()
	f := fleet.Of(benchPods)
	builder, err := f.Builder()
	if err != nil {
		b.Fatal(err)
	}
	set := func(r kube.Resource, o kube.Object) {
		if err := builder.Set(r, o); err != nil {
			b.Fatal(err)
		}
	}
	for i := range benchBindings {
		named := metav1.ObjectMeta{Namespace: fmt.Sprintf("team-%04d", i%f.Namespaces()), Name: fmt.Sprintf("robot-%05d", i)}
		set(kube.ServiceAccounts, &corev1.ServiceAccount{ObjectMeta: named})
		set(kube.Roles, &rbacv1.Role{ObjectMeta: named, Rules: []rbacv1.PolicyRule{
			{APIGroups: []string{""}, Resources: []string{"configmaps", "pods"}, Verbs: []string{"get", "list", "watch"}},
			{APIGroups: []string{"apps"}, Resources: []string{"deployments"}, Verbs: []string{"patch"}, ResourceNames: []string{named.Name}},
		}})
		set(kube.RoleBindings, &rbacv1.RoleBinding{
			ObjectMeta: named, RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: named.Name},
			Subjects: []rbacv1.Subject{
				{Kind: rbacv1.ServiceAccountKind, Namespace: named.Namespace, Name: named.Name},
				{Kind: rbacv1.GroupKind, Name: fmt.Sprintf("group-%d", i%1000)},
			},
		})
	}
	return builder
}

// BenchmarkScope measures a view of 150,000 pods, and 20,000 Roles of which no two
// are alike: grants and ways by themselves, of a view of which nothing is known but
// what they start from.
func BenchmarkScope(b *testing.B) {
	builder, renamed := crowd(b), 0
	fresh := func() *kube.Cluster {
		renamed++
		builder.SetInfo(kube.Info{Version: "v1.37.1", Name: strconv.Itoa(renamed)})
		return builder.Build(fleet.Began())
	}
	b.Run("grants", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			c := fresh()
			access.Of(c)
			b.StartTimer()
			scope.Of(c)
		}
	})
	b.Run("ways", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			c := fresh()
			m := paths.Of(c)
			b.StartTimer()
			scope.Ways(b, c, m)
		}
	})
	b.Run("a pod changed", func(b *testing.B) {
		f := fleet.Of(benchPods)
		first := builder.Build(fleet.Began())
		scope.Of(first)
		scope.OutwardOf(first)
		for i := 0; b.Loop(); i++ {
			b.StopTimer()
			if err := builder.Set(kube.Pods, f.Change(i)); err != nil {
				b.Fatal(err)
			}
			c := builder.Build(fleet.Began())
			c.Workloads()
			b.StartTimer()
			scope.Of(c)
			scope.OutwardOf(c)
		}
	})
}
