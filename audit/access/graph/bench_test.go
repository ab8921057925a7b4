package graph_test

import (
	"fmt"
	"runtime"
	"testing"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access/graph"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest/fleet"
)

// crowd returns the Builder of a fleet with more bindings and ServiceAccounts: at
// 150,000 pods, 20,000 of each. One binding in seven is to what edit allows.
func crowd(t testing.TB, pods int) *kube.Builder {
	t.Helper()
	f := fleet.Of(pods)
	b, err := f.Builder()
	if err != nil {
		t.Fatal(err)
	}
	set := func(r kube.Resource, o kube.Object) {
		if err := b.Set(r, o); err != nil {
			t.Fatal(err)
		}
	}
	rules := [][]rbacv1.PolicyRule{
		{{APIGroups: []string{""}, Resources: []string{"configmaps", "pods"}, Verbs: []string{"get", "list", "watch"}}},
		{{APIGroups: []string{"apps"}, Resources: []string{"deployments"}, Verbs: []string{"get", "patch"}}, {APIGroups: []string{""}, Resources: []string{"secrets"}, Verbs: []string{"get"}}},
		{{APIGroups: []string{""}, Resources: []string{"pods/exec"}, Verbs: []string{"create"}}},
		{{APIGroups: []string{rbacv1.GroupName}, Resources: []string{"roles", "rolebindings"}, Verbs: []string{"*"}}},
		{{APIGroups: []string{""}, Resources: []string{"serviceaccounts/token"}, Verbs: []string{"create"}}, {APIGroups: []string{""}, Resources: []string{"events"}, Verbs: []string{"create", "patch"}}},
	}
	set(kube.ClusterRoles, &rbacv1.ClusterRole{ObjectMeta: meta("", "edit"), Rules: []rbacv1.PolicyRule{
		{APIGroups: []string{""}, Resources: []string{"pods", "pods/exec", "secrets", "serviceaccounts", "serviceaccounts/token", "configmaps"}, Verbs: []string{"create", "get", "list", "patch", "update", "delete"}},
		{APIGroups: []string{"apps", "batch", "networking.k8s.io"}, Resources: []string{"deployments", "statefulsets", "jobs", "ingresses"}, Verbs: []string{"create", "patch", "update"}},
		{APIGroups: []string{""}, Resources: []string{"serviceaccounts"}, Verbs: []string{"impersonate"}},
	}})
	bindings := pods * 2 / 15
	for i := range bindings {
		namespace, name := fmt.Sprintf("team-%04d", i%f.Namespaces()), fmt.Sprintf("robot-%05d", i)
		if i < pods/37 {
			set(kube.ServiceAccounts, &corev1.ServiceAccount{ObjectMeta: meta(namespace, name)})
		}
		set(kube.Roles, &rbacv1.Role{ObjectMeta: meta(namespace, name), Rules: rules[i%len(rules)]})
		role := rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: name}
		if i%7 == 0 {
			role.Kind, role.Name = "ClusterRole", "edit"
		}
		set(kube.RoleBindings, &rbacv1.RoleBinding{
			ObjectMeta: meta(namespace, name), RoleRef: role,
			Subjects: []rbacv1.Subject{{Kind: "ServiceAccount", Namespace: namespace, Name: name}, {Kind: "Group", APIGroup: rbacv1.GroupName, Name: fmt.Sprintf("group-%d", i%1000)}},
		})
	}
	return b
}

// BenchmarkBuild makes the graph of 150,000 pods, 20,000 ServiceAccounts and
// 20,000 bindings.
func BenchmarkBuild(b *testing.B) {
	builder := crowd(b, 150_000)
	c := builder.Build(fleet.Began())
	c.Workloads() // the index of workloads is there for every rule
	var before, after runtime.MemStats
	for b.Loop() {
		b.StopTimer()
		runtime.GC()
		runtime.ReadMemStats(&before)
		b.StartTimer()
		g := graph.Build(c)
		b.StopTimer()
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MB-held")
		b.ReportMetric(float64(g.Len()), "vertices")
		b.ReportMetric(float64(g.Size()), "edges")
		b.StartTimer()
	}
	b.ReportMetric(float64(c.ServiceAccounts.Len()), "accounts")
	b.ReportMetric(float64(c.RoleBindings.Len()+c.ClusterRoleBindings.Len()), "bindings")
}

// BenchmarkFollow asks for the graph after a pod of 150,000 has lost or regained
// its readiness.
func BenchmarkFollow(b *testing.B) {
	const pods = 150_000
	builder := crowd(b, pods)
	f := fleet.Of(pods)
	before := graph.Of(builder.Build(fleet.Began()))
	i := 0
	for b.Loop() {
		b.StopTimer()
		i++
		if err := builder.Set(kube.Pods, f.Change(i)); err != nil {
			b.Fatal(err)
		}
		c := builder.Build(fleet.Began())
		c.Workloads()
		b.StartTimer()
		if graph.Of(c) != before {
			b.Fatal("the graph was made anew")
		}
	}
}
