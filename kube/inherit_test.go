package kube_test

import (
	"testing"
	"time"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// What depends on roles alone is derived anew when a role, its reading or the
// cluster's description changes, and only then.
func TestDerivationFrom(t *testing.T) {
	t.Parallel()
	whole, keyed := 0, 0
	roles := kube.Derive(func(c *kube.Cluster) int {
		whole++
		return c.Roles.Len()
	}).From(kube.Roles)
	rolesIn := kube.DeriveFor(func(c *kube.Cluster, namespace string) int {
		keyed++
		return len(c.Roles.In(namespace))
	}).From(kube.Roles)

	b := kube.NewBuilder(kube.Info{})
	set := func(r kube.Resource, o kube.Object) {
		if err := b.Set(r, o); err != nil {
			t.Fatal(err)
		}
	}
	role := func(name string) *rbacv1.Role {
		return &rbacv1.Role{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: name}}
	}
	steps := []struct {
		name   string
		change func()
		anew   bool
		want   int
	}{
		{"the first view", func() { set(kube.Roles, role("reader")) }, true, 1},
		{"nothing changes", func() {}, false, 1},
		{"another kind changes", func() { set(kube.Deployments, deployment("web", nil)) }, false, 1},
		{"the state of another kind changes", func() { b.SetState(kube.State{Resource: kube.Pods, Phase: kube.Forbidden}) }, false, 1},
		{"a role comes", func() { set(kube.Roles, role("writer")) }, true, 2},
		{"a role is replaced", func() { set(kube.Roles, role("writer")) }, true, 2},
		{"a role goes", func() { b.Delete(kube.Roles, "shop", "writer") }, true, 1},
		{"roles are forbidden", func() { b.SetState(kube.State{Resource: kube.Roles, Phase: kube.Forbidden}) }, true, 1},
		{"they stay forbidden", func() { b.SetState(kube.State{Resource: kube.Roles, Phase: kube.Forbidden}) }, false, 1},
		{"they are no longer read", func() { b.DropState(kube.Roles, "") }, true, 1},
		{"the server is upgraded", func() { b.SetInfo(kube.Info{Version: "v1.38.0"}) }, true, 1},
		{"the scope narrows", func() { b.SetInfo(kube.Info{Version: "v1.38.0", Scope: []string{"shop"}}) }, true, 1},
	}
	for i, step := range steps {
		step.change()
		c := b.Build(time.Unix(int64(i), 0))
		whole, keyed = 0, 0
		if got, gotIn := roles.Of(c), rolesIn.Of(c, "shop"); got != step.want || gotIn != step.want {
			t.Errorf("%s: got %d roles and %d in the namespace, want %d", step.name, got, gotIn, step.want)
		}
		if (whole == 1) != step.anew || (keyed == 1) != step.anew {
			t.Errorf("%s: derived %d and %d times, want anew: %t", step.name, whole, keyed, step.anew)
		}
	}
}
