package paths_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/graph"
	"github.com/seaworthy-dev/seaworthy/audit/access/paths"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// town is a view with each kind of change that closes something: jane and joe create
// pods in ci, which may be privileged; a Deployment uses the binding that is
// cluster-admin; a Secret holds a token of its ServiceAccount.
func town(t *testing.T) *kube.Cluster {
	t.Helper()
	b := builder(t)
	set := func(r kube.Resource, o kube.Object) {
		t.Helper()
		if err := b.Set(r, o); err != nil {
			t.Fatal(err)
		}
	}
	meta := func(name string) metav1.ObjectMeta { return metav1.ObjectMeta{Namespace: "ci", Name: name} }
	set(kube.Namespaces, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "ci"}})
	set(kube.Nodes, &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "control", Labels: map[string]string{"node-role.kubernetes.io/control-plane": ""}}})
	token := &corev1.Secret{ObjectMeta: meta("token")}
	token.Annotations = map[string]string{corev1.ServiceAccountNameKey: "deployer"}
	set(kube.Secrets, token)
	web := &appsv1.Deployment{ObjectMeta: meta("web")}
	web.Spec.Template.Spec = corev1.PodSpec{
		ServiceAccountName: "deployer",
		Containers:         []corev1.Container{{Name: "main", SecurityContext: &corev1.SecurityContext{Privileged: new(true)}}},
	}
	set(kube.Deployments, web)
	set(kube.Roles, &rbacv1.Role{
		ObjectMeta: meta("create"),
		Rules: []rbacv1.PolicyRule{
			{Verbs: []string{"create"}, APIGroups: []string{""}, Resources: []string{"pods"}},
			{Verbs: []string{"list"}, APIGroups: []string{""}, Resources: []string{"secrets"}},
		},
	})
	set(kube.RoleBindings, &rbacv1.RoleBinding{
		ObjectMeta: meta("create"), RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: "create"},
		Subjects: []rbacv1.Subject{{Kind: rbacv1.UserKind, Name: "jane"}, {Kind: rbacv1.UserKind, Name: "joe"}},
	})
	set(kube.ClusterRoleBindings, &rbacv1.ClusterRoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: "stock", Labels: map[string]string{"kubernetes.io/bootstrapping": "rbac-defaults"}},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "all"},
		Subjects:   []rbacv1.Subject{{Kind: rbacv1.UserKind, Name: "system:kube-controller-manager"}},
	})
	return b.Build(time.Unix(0, 0))
}

// Each change costs what its kind does.
func TestEffortsOfAGraph(t *testing.T) {
	t.Parallel()
	view := town(t)
	m := paths.Of(view)
	got := map[string]string{}
	for l := range int32(m.Labels()) {
		e := m.Evidence(l)
		effort := paths.EffortOf(view, e)
		if (effort.Cost == 0) != (effort.Change == "what Kubernetes keeps") || effort.Why == "" || !slices.Contains(paths.Efforts(), effort) {
			t.Errorf("%s: %+v", e, effort)
		}
		got[e.String()] = effort.Change
	}
	want := map[string]string{
		"ClusterRoleBinding deployer (ClusterRole all, rule 1)": "a grant to workloads",
		"ClusterRoleBinding stock (ClusterRole all, rule 1)":    "what Kubernetes keeps",
		"RoleBinding ci/create (Role ci/create, rule 1)":        "a grant to people",
		"RoleBinding ci/create (Role ci/create, rule 2)":        "a grant to people",
		"RoleBinding ci/first (Role ci/first, rule 1)":          "a grant to people",
		"RoleBinding ci/second (Role ci/second, rule 1)":        "a grant to people",
		"Secret ci/token": "a token that does not expire",
		`Namespace ci metadata.labels["pod-security.kubernetes.io/enforce"]`:            "a Pod Security label",
		"Deployment ci/web spec.template.spec.containers[0].securityContext.privileged": "a workload",
		"Deployment ci/web spec.template.spec.automountServiceAccountToken":             "a workload",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}

// The kinds are in the order of their costs, each once, and those that cannot be made
// come last.
func TestEffortsAreOrdered(t *testing.T) {
	t.Parallel()
	last := 0
	seen := map[string]bool{}
	for _, e := range paths.Efforts() {
		if e.Cost > 0 && e.Cost < last || last == 1000 && e.Cost > 0 {
			t.Errorf("%+v is out of order", e)
		}
		if last = e.Cost; e.Cost == 0 {
			last = 1000
		}
		if seen[e.Change] || e.Why == "" {
			t.Errorf("%+v is there twice, or for no reason", e)
		}
		seen[e.Change] = true
	}
}

// Three grants to two people are cheaper to take away than what they lead to, and
// nothing cheaper closes their ways.
func TestCut(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	view := town(t)
	m := paths.Of(view)
	ways, err := m.Towards(ctx, []int32{m.Cluster()})
	if err != nil {
		t.Fatal(err)
	}
	start := func(kind, name string) int32 {
		v, err := m.Start(access.Subject{Kind: kind, Name: name})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	jane, joe := start(rbacv1.UserKind, "jane"), start(rbacv1.UserKind, "joe")
	manager := start(rbacv1.UserKind, "system:kube-controller-manager")
	cut, err := ways.Cut(ctx, view, []int32{jane, joe, manager})
	if err != nil {
		t.Fatal(err)
	}
	var changes []string
	for _, c := range cut.Changes {
		changes = append(changes, c.Evidence.String())
	}
	slices.Sort(changes)
	want := []string{
		"RoleBinding ci/create (Role ci/create, rule 1)", "RoleBinding ci/create (Role ci/create, rule 2)",
		"RoleBinding ci/first (Role ci/first, rule 1)", "RoleBinding ci/second (Role ci/second, rule 1)",
	}
	if diff := cmp.Diff(want, changes); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if cut.Cost != 4 || !cut.Proved() || cut.Closed != 2 || cut.Changes[3].Closed != 2 {
		t.Errorf("the cut is %+v", cut)
	}
	if diff := cmp.Diff([]int32{manager}, cut.Open); diff != "" {
		t.Errorf("open for good (-want +got):\n%s", diff)
	}
	checkLeft(t, m, changes, map[int32]bool{jane: false, joe: false, manager: true})
}

// checkLeft judges from where the cluster is reached once changes are made.
func checkLeft(t *testing.T, m *paths.Map, changes []string, open map[int32]bool) {
	t.Helper()
	var gone []int32
	for l := range int32(m.Labels()) {
		if slices.Contains(changes, m.Evidence(l).String()) {
			gone = append(gone, l)
		}
	}
	left, err := m.Towards(t.Context(), []int32{m.Cluster()}, gone...)
	if err != nil {
		t.Fatal(err)
	}
	for v, want := range open {
		if _, got := left.Best(v); got != want {
			t.Errorf("after the changes %s reaches the cluster: %v", m.Vertex(v), got)
		}
	}
}

// A ServiceAccount that manifests do not have may be used elsewhere.
func TestWhatManifestsDoNotHaveMayBeUsed(t *testing.T) {
	t.Parallel()
	for offline, want := range map[bool]string{true: "a grant to workloads", false: "a grant that no workload uses"} {
		b := kube.NewBuilder(kube.Info{Offline: offline})
		if err := b.Set(kube.ClusterRoleBindings, &rbacv1.ClusterRoleBinding{
			ObjectMeta: metav1.ObjectMeta{Name: "ops"}, RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "cluster-admin"},
			Subjects: []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Namespace: "ci", Name: "ops"}},
		}); err != nil {
			t.Fatal(err)
		}
		view := b.Build(time.Unix(0, 0))
		if got := paths.EffortOf(view, graph.Evidence{Binding: access.Of(view).Bindings[0]}); got.Change != want {
			t.Errorf("offline %v: %s, want %s", offline, got.Change, want)
		}
	}
}

// Very many changes are told cheapest first, each with what it closes beside those
// before it.
func TestCutOfManyChanges(t *testing.T) {
	t.Parallel()
	const teams = 70
	b := builder(t)
	for i := range teams {
		name := fmt.Sprintf("team-%02d", i)
		subject := rbacv1.Subject{Kind: rbacv1.GroupKind, Name: name}
		if i%2 == 0 {
			subject.Name = "system:" + name // what only programs are named
		}
		if err := b.Set(kube.ClusterRoleBindings, &rbacv1.ClusterRoleBinding{
			ObjectMeta: metav1.ObjectMeta{Name: name}, RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "all"},
			Subjects: []rbacv1.Subject{subject},
		}); err != nil {
			t.Fatal(err)
		}
	}
	view := b.Build(time.Unix(0, 0))
	m := paths.Of(view)
	ways, err := m.Towards(t.Context(), []int32{m.Cluster()})
	if err != nil {
		t.Fatal(err)
	}
	var starts []int32
	for v, vertex := range m.Vertices() {
		if strings.Contains(vertex.Name, "team-") {
			starts = append(starts, v)
		}
	}
	cut, err := ways.Cut(t.Context(), view, starts)
	if err != nil {
		t.Fatal(err)
	}
	got := []int{len(starts), len(cut.Changes), cut.Closed, cut.Cost, cut.Bound}
	if diff := cmp.Diff([]int{teams, teams, teams, teams / 2 * (1 + 4), teams / 2 * (1 + 4)}, got); diff != "" {
		t.Fatalf("starts, changes, closed, cost and bound (-want +got):\n%s", diff)
	}
	for i, c := range cut.Changes {
		if want := 1 + i/(teams/2)*3; c.Effort.Cost != want || c.Closed != i+1 {
			t.Errorf("change %d costs %d, want %d, and closes %d", i, c.Effort.Cost, want, c.Closed)
		}
	}
}

func TestCutIsGivenUp(t *testing.T) {
	t.Parallel()
	_, ways, jane := toCluster(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := ways.Cut(ctx, builder(t).Build(time.Unix(0, 0)), []int32{jane}); err == nil {
		t.Error("a cut was found after the context had ended")
	}
}

// Without the labels of a binding the graph is that of a view without the binding.
func TestLabelsOfABinding(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	m, _, jane := toCluster(t)
	for binding, open := range map[kube.Ref]bool{
		kube.RoleBindings.Ref("ci", "first"):           true, // the second is left
		kube.ClusterRoleBindings.Ref("", "deployer"):   false,
		kube.ClusterRoleBindings.Ref("", "not-there"):  true,
		kube.RoleBindings.Ref("elsewhere", "deployer"): true,
	} {
		labels := m.LabelsOf(binding)
		ways, err := m.Towards(ctx, []int32{m.Cluster()}, labels...)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := ways.Best(jane); ok != open {
			t.Errorf("without %s (labels %v) jane reaches the cluster: %v, want %v", binding, labels, ok, open)
		}
	}
}
