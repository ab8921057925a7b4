package graph_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access/graph"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest/fleet"
)

// all returns every edge with all that is known of it, ways that need several
// grants as one.
func all(g *graph.Graph) map[string]bool {
	found := map[string]bool{}
	for from, v := range g.Vertices() {
		if v.Kind == graph.Partly {
			continue
		}
		for _, e := range g.From(from) {
			for _, to := range ends(g, e.To) {
				found[fmt.Sprintf("%s -> %s %s %d %s", v, g.Vertex(to), e.Family.ID, e.Cost, e.Confidence)] = true
			}
		}
	}
	return found
}

// What is granted is never less of a way than what is not: to take a binding away
// removes edges and adds none.
func TestAGrantNeverRemovesAnEdge(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	random, tried := rand.New(rand.NewPCG(5, 7)), 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		c := read(t, text)
		with := all(graph.Of(c))
		bindings := slices.Concat(c.Objects(kube.ClusterRoleBindings), c.Objects(kube.RoleBindings))
		for range min(len(bindings), 6) {
			gone := bindings[random.IntN(len(bindings))]
			less := copyOf(t, c.Info, c, func(o kube.Object) bool { return o != gone })
			tried++
			for e := range all(graph.Of(less)) {
				if !with[e] {
					t.Errorf("%s: without %s/%s there is an edge more: %s", filepath.Base(file), gone.GetNamespace(), gone.GetName(), e)
				}
			}
		}
	}
	if tried < 50 {
		t.Errorf("%d bindings prove little", tried)
	}
}

// A view makes the same graph whatever the order in which it was read.
func TestTheSameViewMakesTheSameGraph(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/bind.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c := read(t, text)
	type whole struct {
		Vertices []graph.Vertex
		Edges    []string
		Evidence []string
	}
	describe := func(g *graph.Graph) (w whole) {
		for _, v := range g.Vertices() {
			w.Vertices = append(w.Vertices, v)
		}
		for e := range g.Size() {
			edge := g.Edge(e)
			w.Edges = append(w.Edges, fmt.Sprint(edge.From, edge.To, edge.Family.ID, edge.Cost, edge.Label))
		}
		for l := range g.Labels() {
			w.Evidence = append(w.Evidence, g.Evidence(int32(l)).String())
		}
		return w
	}
	want := describe(graph.Of(c))
	for range 5 {
		if diff := cmp.Diff(want, describe(graph.Of(copyOf(t, c.Info, c, nil)))); diff != "" {
			t.Fatalf("another graph (-first +second):\n%s", diff)
		}
	}
}

// The graph of ten times as many replicas is the same.
func TestReplicasDoNotMatter(t *testing.T) {
	t.Parallel()
	f := fleet.Of(300)
	build := func(keep func(i int) bool) *graph.Graph {
		b := kube.NewBuilder(kube.Info{Version: "v1.37.1"})
		pods := 0
		for r, o := range f.Objects() {
			if r == kube.Pods {
				if pods++; !keep(pods) {
					continue
				}
			}
			if err := b.Set(r, o); err != nil {
				t.Fatal(err)
			}
		}
		return graph.Of(b.Build(time.Unix(0, 0)))
	}
	few, many, none := build(func(i int) bool { return i%10 == 0 }), build(func(int) bool { return true }), build(func(int) bool { return false })
	if diff := cmp.Diff(all(many), all(few)); diff != "" {
		t.Errorf("a tenth of the pods (-all +few):\n%s", diff)
	}
	if diff := cmp.Diff(all(many), all(none)); diff != "" {
		t.Errorf("no pods (-all +none):\n%s", diff)
	}
	if many.Size() < 100 {
		t.Errorf("%d edges prove little", many.Size())
	}
}

// Taking the labels of one binding away leaves what the graph without it has: the
// chains of ways that need several grants are cut where they must be.
func TestLabelsStandForGrants(t *testing.T) {
	t.Parallel()
	tried := 0
	for _, file := range []string{"bind", "escalate", "impersonate", "tokens", "ghosts", "certificates", "pod-security"} {
		text, err := os.ReadFile("testdata/" + file + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		c := read(t, text)
		g := graph.Of(c)
		for _, gone := range slices.Concat(c.Objects(kube.ClusterRoleBindings), c.Objects(kube.RoleBindings)) {
			g2 := graph.Of(copyOf(t, c.Info, c, func(o kube.Object) bool { return o != gone }))
			banned := func(label int32) bool {
				e := g.Evidence(label)
				return label != graph.None && e.Binding != nil && e.Binding.Ref.Namespace == gone.GetNamespace() && e.Binding.Ref.Name == gone.GetName() &&
					(e.Binding.Ref.Kind == kube.ClusterRoleBindings.Kind) == isWide(gone)
			}
			for from, v := range g.Vertices() {
				if v.Kind != graph.User {
					continue
				}
				tried++
				want := false
				if w := named(g2, v.String()); w >= 0 {
					want = g2.Reaches(w, g2.Cluster())
				}
				if got := reaches(g, from, g.Cluster(), banned); got != want {
					t.Errorf("%s: without %s/%s, %s to the cluster: %v by labels, %v anew", file, gone.GetNamespace(), gone.GetName(), v, got, want)
				}
			}
		}
	}
	if tried < 100 {
		t.Errorf("%d questions prove little", tried)
	}
}

func isWide(o kube.Object) bool { _, wide := o.(*rbacv1.ClusterRoleBinding); return wide }

// reaches reports whether one vertex leads to another without the labels that are
// banned.
func reaches(g *graph.Graph, from, to int32, banned func(int32) bool) bool {
	seen, queue := map[int32]bool{from: true}, []int32{from}
	for len(queue) > 0 && !seen[to] {
		v := queue[0]
		queue = queue[1:]
		for _, e := range g.From(v) {
			if !seen[e.To] && !banned(e.Label) {
				seen[e.To] = true
				queue = append(queue, e.To)
			}
		}
	}
	return seen[to]
}

// The graph is kept while nothing changes that it is made of, and no longer.
func TestTheGraphIsKept(t *testing.T) {
	t.Parallel()
	f := fleet.Of(600)
	b, err := f.Builder()
	if err != nil {
		t.Fatal(err)
	}
	set := func(r kube.Resource, o kube.Object) {
		if err := b.Set(r, o); err != nil {
			t.Fatal(err)
		}
	}
	b.Build(fleet.Began())
	last := graph.Of(b.Build(fleet.Began()))
	privileged := f.Change(1)
	privileged.Spec.Containers[0].SecurityContext = &corev1.SecurityContext{Privileged: new(true)}
	for _, step := range []struct {
		name   string
		change func()
		kept   bool
	}{
		{"nothing", func() {}, true},
		{"the readiness of a pod", func() { set(kube.Pods, f.Change(1)) }, true},
		{"a pod less", func() { b.Delete(kube.Pods, privileged.Namespace, privileged.Name) }, true},
		{"a pod that is privileged", func() { set(kube.Pods, privileged) }, false},
		{"a ServiceAccount", func() { set(kube.ServiceAccounts, &corev1.ServiceAccount{ObjectMeta: meta("team-0000", "new")}) }, false},
		{"a Secret", func() { set(kube.Secrets, &corev1.Secret{ObjectMeta: meta("team-0000", "plain")}) }, true},
		{"a Secret with a token", func() {
			token := &corev1.Secret{ObjectMeta: meta("team-0000", "token")}
			token.Annotations = map[string]string{corev1.ServiceAccountNameKey: "new"}
			set(kube.Secrets, token)
		}, false},
		{"a Role", func() { set(kube.Roles, &rbacv1.Role{ObjectMeta: meta("team-0000", "new")}) }, false},
		{"a node of a pool", func() { set(kube.Nodes, &corev1.Node{ObjectMeta: meta("", "new")}) }, true},
		{"a node of another", func() {
			set(kube.Nodes, &corev1.Node{ObjectMeta: meta("", "gpu"), Spec: corev1.NodeSpec{Taints: []corev1.Taint{{Key: "gpu", Effect: corev1.TaintEffectNoSchedule}}}})
		}, false},
		{"a label of a namespace", func() {
			n := &corev1.Namespace{ObjectMeta: meta("", "team-0001")}
			n.Labels = map[string]string{"pod-security.kubernetes.io/enforce": "restricted"}
			set(kube.Namespaces, n)
		}, false},
	} {
		step.change()
		c := b.Build(fleet.Began())
		now := graph.Of(c)
		if kept := now == last; kept != step.kept {
			t.Errorf("%s: kept %v, want %v", step.name, kept, step.kept)
		}
		if diff := cmp.Diff(all(graph.Build(c)), all(now)); diff != "" {
			t.Errorf("%s: not what is made anew (-anew +kept):\n%s", step.name, diff)
		}
		last = now
	}
}

// A graph is made of the resources that it says, each of which some story needs,
// and of no other.
func TestResourcesAreAllThatIsRead(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	listed, needed, held := graph.Resources(), map[kube.Resource]bool{}, map[kube.Resource]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		c := read(t, text)
		whole := all(graph.Of(c))
		without := func(gone func(kube.Resource) bool) map[string]bool {
			dropped := map[kube.Object]bool{}
			for _, r := range kube.Resources() {
				if gone(r) {
					for _, o := range c.Objects(r) {
						dropped[o], held[r] = true, true
					}
				}
			}
			return all(graph.Of(copyOf(t, c.Info, c, func(o kube.Object) bool { return !dropped[o] })))
		}
		if diff := cmp.Diff(whole, without(func(r kube.Resource) bool { return !slices.Contains(listed, r) })); diff != "" {
			t.Errorf("%s: what is not listed matters (-with +without):\n%s", filepath.Base(file), diff)
		}
		for _, r := range listed {
			if len(c.Objects(r)) > 0 && !cmp.Equal(whole, without(func(one kube.Resource) bool { return one == r })) {
				needed[r] = true
			}
		}
	}
	for _, r := range listed {
		if held[r] && !needed[r] {
			t.Errorf("no story needs %s", r)
		}
	}
	if len(needed) < 15 {
		t.Errorf("%d resources are needed by stories, which proves little", len(needed))
	}
}
