package proof_test

import (
	"context"
	"fmt"
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access/paths"
	"github.com/seaworthy-dev/seaworthy/audit/access/proof"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest/fleet"
)

// crowd returns a fleet with more bindings: at 150,000 pods, 20,000.
func crowd(t testing.TB, pods int) *kube.Cluster {
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
	set(kube.ClusterRoles, &rbacv1.ClusterRole{ObjectMeta: meta("", "operator"), Rules: []rbacv1.PolicyRule{allow([]string{"*"}, "*", "*")}})
	rules := [][]rbacv1.PolicyRule{
		{allow([]string{"get", "list", "watch"}, "", "configmaps", "pods")},
		{allow([]string{"get", "patch"}, "apps", "deployments"), allow([]string{"get"}, "", "secrets")},
		{allow([]string{"create"}, "", "pods/exec")},
		{allow([]string{"create"}, "", "serviceaccounts/token")},
	}
	for i := range pods * 2 / 15 {
		namespace, name := fmt.Sprintf("team-%04d", i%f.Namespaces()), fmt.Sprintf("robot-%05d", i)
		subject := rbacv1.Subject{Kind: rbacv1.ServiceAccountKind, Namespace: namespace, Name: name}
		if i%1000 == 0 {
			set(kube.ClusterRoleBindings, &rbacv1.ClusterRoleBinding{
				ObjectMeta: meta("", name), RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "operator"}, Subjects: []rbacv1.Subject{subject},
			})
			continue
		}
		set(kube.Roles, &rbacv1.Role{ObjectMeta: meta(namespace, name), Rules: rules[i%len(rules)]})
		set(kube.RoleBindings, &rbacv1.RoleBinding{
			ObjectMeta: meta(namespace, name), RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: name}, Subjects: []rbacv1.Subject{subject},
		})
	}
	return b.Build(fleet.Began())
}

// BenchmarkProof proves the removal of one binding of a cluster of 150,000 pods.
func BenchmarkProof(b *testing.B) {
	c := crowd(b, 150_000)
	before := score.Assess(c, rules.All())
	paths.Of(c)
	change := gone(kube.ClusterRoleBindings.Ref("", "robot-01000"))
	for b.Loop() {
		p, err := proof.Of(context.Background(), before, []kube.Change{change})
		if err != nil {
			b.Fatal(err)
		}
		if len(p.Rights) != 1 || p.Targets[0].Before != p.Targets[0].After+len(p.Targets[0].Disconnected) {
			b.Fatalf("rights %+v, targets %+v", p.Rights, p.Targets)
		}
	}
	b.ReportMetric(float64(c.RoleBindings.Len()+c.ClusterRoleBindings.Len()), "bindings")
}
