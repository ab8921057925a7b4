package paths_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/graph"
	"github.com/seaworthy-dev/seaworthy/audit/access/paths"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// builder holds jane, who may have tokens of the ServiceAccounts of ci by two
// RoleBindings, one of which is cluster-admin by a third binding.
func builder(t *testing.T) *kube.Builder {
	t.Helper()
	b := kube.NewBuilder(kube.Info{Name: "test", Version: "v1.37.1"})
	set := func(r kube.Resource, o kube.Object) {
		t.Helper()
		if err := b.Set(r, o); err != nil {
			t.Fatal(err)
		}
	}
	set(kube.ServiceAccounts, &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: "ci", Name: "deployer"}})
	set(kube.ClusterRoles, &rbacv1.ClusterRole{
		ObjectMeta: metav1.ObjectMeta{Name: "all"},
		Rules:      []rbacv1.PolicyRule{{Verbs: []string{"*"}, APIGroups: []string{"*"}, Resources: []string{"*"}}},
	})
	set(kube.ClusterRoleBindings, &rbacv1.ClusterRoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: "deployer"},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "all"},
		Subjects:   []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Namespace: "ci", Name: "deployer"}},
	})
	for _, name := range []string{"first", "second"} {
		set(kube.Roles, &rbacv1.Role{
			ObjectMeta: metav1.ObjectMeta{Namespace: "ci", Name: name},
			Rules:      []rbacv1.PolicyRule{{Verbs: []string{"create"}, APIGroups: []string{""}, Resources: []string{"serviceaccounts/token"}}},
		})
		set(kube.RoleBindings, &rbacv1.RoleBinding{
			ObjectMeta: metav1.ObjectMeta{Namespace: "ci", Name: name},
			RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: name},
			Subjects:   []rbacv1.Subject{{Kind: rbacv1.UserKind, Name: "jane"}},
		})
	}
	return b
}

// toCluster returns jane, and the ways to everything.
func toCluster(t *testing.T) (*paths.Map, *paths.Ways, int32) {
	t.Helper()
	m := paths.Of(builder(t).Build(time.Unix(0, 0)))
	jane, err := m.Start(access.Subject{Kind: rbacv1.UserKind, Name: "jane"})
	if err != nil {
		t.Fatal(err)
	}
	to, err := m.Target("cluster-admin")
	if err != nil {
		t.Fatal(err)
	}
	ways, err := m.Towards(context.Background(), to)
	if err != nil {
		t.Fatal(err)
	}
	return m, ways, jane
}

func TestBest(t *testing.T) {
	t.Parallel()
	m, ways, jane := toCluster(t)
	best, ok := ways.Best(jane)
	if !ok {
		t.Fatal("jane does not reach the cluster")
	}
	var hops []string
	for _, h := range best.Hops {
		where := "itself"
		if h.Label != graph.None {
			where = h.Evidence.Object.Name
		}
		hops = append(hops, h.Family.ID+" by "+where)
	}
	if first := hops[0]; first != "TOKEN_REQUEST by first" && first != "TOKEN_REQUEST by second" || hops[len(hops)-1] != "RBAC_CLUSTER_ADMIN by deployer" {
		t.Errorf("the way is %v", hops)
	}
	if best.Confidence() != graph.Proven {
		t.Errorf("it is %v, want proven", best.Confidence())
	}
	if _, ok := ways.Best(m.Entries()[0]); ok {
		t.Errorf("%s reaches the cluster", m.Vertex(m.Entries()[0]))
	}
}

// What two RoleBindings give is closed by the third binding alone, and no further
// way is left that shares nothing with the first.
func TestPlan(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	_, ways, jane := toCluster(t)
	view := builder(t).Build(time.Unix(0, 0))
	plan, open, err := ways.Plan(ctx, view, []int32{jane}, 3)
	if err != nil || open != 1 || len(plan) != 1 {
		t.Fatalf("plan %+v of %d open, %v; want one change", plan, open, err)
	}
	if plan[0].Closed != 1 || plan[0].Effort.Cost != 1 || plan[0].Evidence.Object.Name != "deployer" {
		t.Errorf("plan %+v, want the binding deployer, which closes 1", plan)
	}
	alternates, err := ways.Alternates(ctx, jane, 3)
	if err != nil || len(alternates) != 1 {
		t.Errorf("%d ways that share nothing, %v; want 1", len(alternates), err)
	}
}

func TestGivenUp(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	m := paths.Of(builder(t).Build(time.Unix(0, 0)))
	if _, err := m.Towards(ctx, []int32{m.Cluster()}); err == nil || !strings.Contains(err.Error(), "measuring attack paths") {
		t.Errorf("after the context has ended: %v", err)
	}
}

func TestEnds(t *testing.T) {
	t.Parallel()
	m := paths.Of(builder(t).Build(time.Unix(0, 0)))
	var starts []string
	for _, v := range m.Starts()[len(m.Entries()):] {
		starts = append(starts, m.Vertex(v).String())
	}
	slices.Sort(starts)
	if diff := cmp.Diff([]string{"ServiceAccount ci/deployer", "User jane"}, starts); diff != "" {
		t.Errorf("starts that are no entries (-want +got):\n%s", diff)
	}
	for text, want := range map[string]string{
		"moon": "is no target", "secrets:moon": `there is no namespace "moon"`, "admin:moon": `there is no namespace "moon"`, "secrets": "is no target",
	} {
		if _, err := m.Target(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("target %q: %v, want %s", text, err, want)
		}
	}
	for _, text := range []string{"cluster-admin", "secrets:ci", "admin:ci"} {
		if v, err := m.Target(text); err != nil || len(v) != 1 {
			t.Errorf("target %q: %v, %v", text, v, err)
		}
	}
	if _, err := m.Start(access.Subject{Kind: rbacv1.UserKind, Name: "nobody"}); err == nil {
		t.Error("somebody of no binding is a start")
	}
}

// A view in which nothing happened that a graph is made of keeps the map.
func TestMapIsKept(t *testing.T) {
	t.Parallel()
	b := builder(t)
	first := paths.Of(b.Build(time.Unix(0, 0)))
	if again := paths.Of(b.Build(time.Unix(1, 0))); again != first {
		t.Error("the map was made again")
	}
	b.Delete(kube.ClusterRoleBindings, "", "deployer")
	if again := paths.Of(b.Build(time.Unix(2, 0))); again == first {
		t.Error("the map is that of a binding that is gone")
	}
}

// How far somebody is from the cluster in the cases that the costs are chosen by:
// the package comment of graph has them.
func TestDistancesOfKnownCases(t *testing.T) {
	t.Parallel()
	everything := rbacv1.PolicyRule{Verbs: []string{"*"}, APIGroups: []string{"*"}, Resources: []string{"*"}}
	pods := rbacv1.PolicyRule{Verbs: []string{"create"}, APIGroups: []string{""}, Resources: []string{"pods"}}
	read := rbacv1.PolicyRule{Verbs: []string{"get"}, APIGroups: []string{""}, Resources: []string{"pods"}}
	for _, test := range []struct {
		name, level string
		wide        bool
		rule        rbacv1.PolicyRule
		cost        int // -1 for no way
	}{
		{"cluster-admin", "restricted", true, everything, 0},
		{"everything in a namespace without a level", "", false, everything, 5},
		{"everything in a namespace under baseline", "baseline", false, everything, 6},
		{"everything in a restricted namespace", "restricted", false, everything, 6},
		{"pods in a namespace without a level", "", false, pods, 5},
		{"pods in a restricted namespace", "restricted", false, pods, -1},
		{"reading pods", "", false, read, -1},
	} {
		b := kube.NewBuilder(kube.Info{Name: "test", Version: "v1.37.1"})
		set := func(r kube.Resource, o kube.Object) {
			if err := b.Set(r, o); err != nil {
				t.Fatal(err)
			}
		}
		n := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "shop"}}
		if test.level != "" {
			n.Labels = map[string]string{"pod-security.kubernetes.io/enforce": test.level}
		}
		set(kube.Namespaces, n)
		set(kube.Nodes, &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "control", Labels: map[string]string{"node-role.kubernetes.io/control-plane": ""}}})
		set(kube.Nodes, &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "worker"}})
		set(kube.ServiceAccounts, &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "own"}})
		set(kube.ClusterRoles, &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: "given"}, Rules: []rbacv1.PolicyRule{test.rule}})
		ref := rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "given"}
		subjects := []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Namespace: "shop", Name: "own"}}
		if test.wide {
			set(kube.ClusterRoleBindings, &rbacv1.ClusterRoleBinding{ObjectMeta: metav1.ObjectMeta{Name: "given"}, RoleRef: ref, Subjects: subjects})
		} else {
			set(kube.RoleBindings, &rbacv1.RoleBinding{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "given"}, RoleRef: ref, Subjects: subjects})
		}
		m := paths.Of(b.Build(time.Unix(0, 0)))
		start, err := m.Start(access.Subject{Kind: rbacv1.ServiceAccountKind, Namespace: "shop", Name: "own"})
		if err != nil {
			t.Fatal(err)
		}
		ways, err := m.Towards(t.Context(), []int32{m.Cluster()})
		if err != nil {
			t.Fatal(err)
		}
		cost := -1
		if way, ok := ways.Best(start); ok {
			cost = way.Cost
		}
		if cost != test.cost {
			t.Errorf("%s: %d away from the cluster, want %d", test.name, cost, test.cost)
		}
	}
}
