package scope_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access/scope"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest/fleet"
)

// What was measured is kept while nothing changes that it is measured by, and no
// longer.
func TestMeasuresAreKept(t *testing.T) {
	t.Parallel()
	f := fleet.Of(300)
	b, err := f.Builder()
	if err != nil {
		t.Fatal(err)
	}
	set := func(r kube.Resource, o kube.Object) {
		if err := b.Set(r, o); err != nil {
			t.Fatal(err)
		}
	}
	last := b.Build(fleet.Began())
	granted, ways := scope.Of(last), scope.OutwardOf(last)
	for _, step := range []struct {
		name          string
		change        func()
		granted, ways bool // kept
	}{
		{"nothing", func() {}, true, true},
		{"the readiness of a pod", func() { set(kube.Pods, f.Change(1)) }, true, true},
		{"a pod less", func() { b.Delete(kube.Pods, f.Change(1).Namespace, f.Change(1).Name) }, true, true},
		{"a pod that breaks out", func() {
			p := f.Change(1)
			p.Spec.HostPID = true
			set(kube.Pods, p)
		}, true, false},
		{"a ServiceAccount", func() {
			set(kube.ServiceAccounts, &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: "team-0000", Name: "new"}})
		}, false, false},
		{"a role", func() {
			set(kube.ClusterRoles, &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: "new"}})
		}, false, false},
	} {
		step.change()
		c := b.Build(fleet.Began())
		nowGranted, nowWays := scope.Of(c), scope.OutwardOf(c)
		if got := nowGranted == granted; got != step.granted {
			t.Errorf("%s: what is granted is kept: %v, want %v", step.name, got, step.granted)
		}
		if got := nowWays == ways; got != step.ways {
			t.Errorf("%s: the ways are kept: %v, want %v", step.name, got, step.ways)
		}
		granted, ways = nowGranted, nowWays
	}
}
