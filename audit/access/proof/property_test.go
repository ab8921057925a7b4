package proof_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/paths"
	"github.com/seaworthy-dev/seaworthy/audit/access/proof"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
)

func meta(namespace, name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Namespace: namespace, Name: name}
}

func allow(verbs []string, group string, resources ...string) rbacv1.PolicyRule {
	return rbacv1.PolicyRule{Verbs: verbs, APIGroups: []string{group}, Resources: resources}
}

// generator makes clusters of two teams with roles and bindings at random.
type generator struct{ *rand.Rand }

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func (g generator) rule() rbacv1.PolicyRule {
	r := pick(g.Rand,
		allow([]string{"*"}, "*", "*"),
		allow([]string{"get", "list"}, "", "secrets", "pods"),
		allow([]string{"create"}, "", "pods/exec", "serviceaccounts/token"),
		allow([]string{"create", "patch"}, "apps", "deployments"),
		allow([]string{"bind", "get"}, rbacv1.GroupName, "clusterroles"),
		allow([]string{"create"}, rbacv1.GroupName, "clusterrolebindings", "rolebindings"),
		allow([]string{"impersonate"}, "", "users", "groups", "serviceaccounts"),
		allow([]string{"get"}, "", "nodes/proxy", "nodes"),
		allow([]string{"get"}, "*", "*/status", "pods"),
		rbacv1.PolicyRule{Verbs: []string{"get"}, NonResourceURLs: []string{"/metrics", "/logs/*"}},
	)
	if g.IntN(5) == 0 && len(r.Resources) > 0 {
		r.ResourceNames = []string{pick(g.Rand, "a", "b"), "c"}
	}
	return r
}

func (g generator) rules() (all []rbacv1.PolicyRule) {
	for range g.IntN(3) + 1 {
		all = append(all, g.rule())
	}
	return all
}

func (g generator) subjects() (all []rbacv1.Subject) {
	for range g.IntN(3) + 1 {
		all = append(all, pick(g.Rand,
			rbacv1.Subject{Kind: rbacv1.ServiceAccountKind, Namespace: pick(g.Rand, "red", "blue"), Name: pick(g.Rand, "app", "bot", "default", "gone")},
			rbacv1.Subject{Kind: rbacv1.UserKind, Name: pick(g.Rand, "jane", "joe", "system:serviceaccount:red:app")},
			rbacv1.Subject{Kind: rbacv1.GroupKind, Name: pick(g.Rand, "ops", "system:serviceaccounts:red", "system:serviceaccounts", "system:authenticated")},
		))
	}
	return all
}

// objects returns a cluster, each object anew at each call for the same seed.
func objects(seed uint64) map[kube.Resource][]kube.Object {
	g := generator{rand.New(rand.NewPCG(seed, 11))}
	all := map[kube.Resource][]kube.Object{}
	add := func(r kube.Resource, o kube.Object) { all[r] = append(all[r], o) }
	for _, team := range []string{"red", "blue"} {
		add(kube.Namespaces, &corev1.Namespace{ObjectMeta: meta("", team)})
		for _, name := range []string{"app", "bot", "default"} {
			add(kube.ServiceAccounts, &corev1.ServiceAccount{ObjectMeta: meta(team, name)})
		}
		add(kube.Deployments, &appsv1.Deployment{
			ObjectMeta: meta(team, "web"),
			Spec: appsv1.DeploymentSpec{Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{
				ServiceAccountName: pick(g.Rand, "app", "bot", ""), Containers: []corev1.Container{{Name: "web", Image: "web:1"}},
			}}},
		})
		for i := range g.IntN(3) {
			add(kube.Roles, &rbacv1.Role{ObjectMeta: meta(team, fmt.Sprintf("r%d", i)), Rules: g.rules()})
		}
		for i := range g.IntN(4) {
			role := rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: pick(g.Rand, "Role", "ClusterRole"), Name: fmt.Sprintf("r%d", g.IntN(3))}
			add(kube.RoleBindings, &rbacv1.RoleBinding{ObjectMeta: meta(team, fmt.Sprintf("b%d", i)), RoleRef: role, Subjects: g.subjects()})
		}
	}
	for i := range 3 {
		add(kube.ClusterRoles, &rbacv1.ClusterRole{ObjectMeta: meta("", fmt.Sprintf("r%d", i)), Rules: g.rules()})
	}
	for i := range g.IntN(4) + 1 {
		role := rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: fmt.Sprintf("r%d", g.IntN(4))}
		add(kube.ClusterRoleBindings, &rbacv1.ClusterRoleBinding{ObjectMeta: meta("", fmt.Sprintf("b%d", i)), RoleRef: role, Subjects: g.subjects()})
	}
	return all
}

// world returns the view of a cluster without some object; the zero Ref for all.
func world(t testing.TB, seed uint64, without kube.Ref) *kube.Cluster {
	t.Helper()
	b := kube.NewBuilder(kube.Info{Name: "test", Version: "v1.37.1"})
	for r, list := range objects(seed) {
		for _, o := range list {
			if r.Ref(o.GetNamespace(), o.GetName()) == without {
				continue
			}
			if err := b.Set(r, o); err != nil {
				t.Fatal(err)
			}
		}
	}
	return b.Build(time.Unix(0, 0))
}

// bindings are all of a view.
func bindings(c *kube.Cluster) []kube.Ref {
	var all []kube.Ref
	for _, b := range access.Of(c).Bindings {
		all = append(all, b.Ref)
	}
	return all
}

func gone(ref kube.Ref) kube.Change {
	resource, _ := kube.ResourceOf(ref.Group, ref.Kind)
	return kube.Change{Resource: resource, Namespace: ref.Namespace, Name: ref.Name}
}

// Without a binding everything is as in the cluster that never had it.
func TestWithoutABinding(t *testing.T) {
	t.Parallel()
	categories := rules.All()
	lost, disconnected, survived := 0, 0, 0
	for seed := range uint64(100) {
		c := world(t, seed, kube.Ref{})
		before := score.Assess(c, categories)
		for _, ref := range bindings(c)[:2] {
			p, err := proof.Of(context.Background(), before, []kube.Change{gone(ref)})
			if err != nil {
				t.Fatal(err)
			}
			never := world(t, seed, ref)
			name := fmt.Sprintf("seed %d without %s", seed, ref)
			sameScore(t, name, before, score.Assess(never, categories), p)
			sameReach(t, name, c, never, p)
			if p.Gains() {
				t.Errorf("%s: somebody gains: %+v", name, p.Rights)
			}
			lost += sameRights(t, name, c, never, p)
			for _, target := range p.Targets {
				disconnected, survived = disconnected+len(target.Disconnected), survived+len(target.Survivors)
			}
		}
	}
	if lost < 500 || disconnected < 20 || survived < 20 {
		t.Errorf("%d rights lost, %d disconnected, %d survivors prove little", lost, disconnected, survived)
	}
}

// sameScore compares the scores with those of a cluster that was assessed anew.
func sameScore(t *testing.T, name string, before, anew *score.Assessment, p *proof.Proof) {
	t.Helper()
	scores := func(a *score.Assessment) map[string]float64 {
		all := map[string]float64{}
		for _, n := range a.Namespaces {
			if n.Scored {
				all[n.Name] = n.Score
			}
		}
		return all
	}
	was, is := scores(before), scores(anew)
	var want []proof.NamespaceScore
	for _, namespace := range []string{score.ClusterWide, "blue", "red"} {
		a, scoredBefore := was[namespace]
		b, scoredAfter := is[namespace]
		if !scoredBefore {
			a = 100
		}
		if !scoredAfter {
			b = 100
		}
		if a != b {
			want = append(want, proof.NamespaceScore{Name: namespace, Before: a, After: b})
		}
	}
	if diff := cmp.Diff(want, p.Score.Namespaces); diff != "" {
		t.Errorf("%s: scores (-anew +proved):\n%s", name, diff)
	}
	if p.Score.After != anew.Score || p.Score.Before != before.Score {
		t.Errorf("%s: score %v → %v, want %v → %v", name, p.Score.Before, p.Score.After, before.Score, anew.Score)
	}
}

// sameReach compares who reaches what with both clusters.
func sameReach(t *testing.T, name string, c, never *kube.Cluster, p *proof.Proof) {
	t.Helper()
	for _, target := range p.Targets {
		was, is := reaching(t, c, target.Name), reaching(t, never, target.Name)
		want := []string{}
		for start := range was {
			if !is[start] {
				want = append(want, start)
			}
		}
		got := []string{}
		for _, v := range target.Disconnected {
			if start := v.String(); was[start] { // else a subject of the platform
				got = append(got, start)
			}
		}
		slices.Sort(want)
		slices.Sort(got)
		// Somebody whom nothing names any more still has what everybody has.
		want = slices.DeleteFunc(want, func(start string) bool {
			return !slices.Contains(got, start) && slices.ContainsFunc(target.Survivors, func(s proof.Survivor) bool { return s.Start.String() == start })
		})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: cut off from %s (-anew +proved):\n%s", name, target.Name, diff)
		}
		if len(target.Connected) > 0 || target.Before-target.After != len(target.Disconnected) {
			t.Errorf("%s: %d → %d reach %s, of which %d are cut off and new: %v", name, target.Before, target.After, target.Name, len(target.Disconnected), target.Connected)
		}
	}
}

// reaching are the starts that reach a target.
func reaching(t *testing.T, c *kube.Cluster, target string) map[string]bool {
	t.Helper()
	m := paths.Of(c)
	to, err := m.Target(target)
	if err != nil {
		t.Fatal(err)
	}
	ways, err := m.Towards(context.Background(), to)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	for _, start := range m.Starts() {
		if _, ok := ways.Best(start); ok {
			all[m.Vertex(start).String()] = true
		}
	}
	return all
}

// sameRights asks both clusters for everything that a generator's rules can grant,
// and returns how many rights were lost.
func sameRights(t *testing.T, name string, c, never *kube.Cluster, p *proof.Proof) int {
	t.Helper()
	lost := map[access.Subject][]proof.Right{}
	count := 0
	for _, r := range p.Rights {
		lost[r.Subject] = r.Lost
		count += proof.Count(r.Lost)
	}
	before, after := access.Of(c), access.Of(never)
	for _, s := range access.Subjects(c) {
		id := access.IdentityOf(s)
		for _, r := range requests() {
			_, could := before.Can(id, r)
			_, can := after.Can(id, r)
			said := slices.ContainsFunc(lost[s], func(right proof.Right) bool { return matches(right, r) })
			if could && !can && !said && !bound(p, s) {
				continue // a member of a group that lost it, named by no binding that changed
			}
			if could && !can && !said {
				t.Fatalf("%s: %s can no longer %+v, which is not said", name, s, r)
			}
		}
		for _, right := range lost[s] {
			for _, r := range asked(right) {
				_, could := before.Can(id, r)
				if _, can := after.Can(id, r); !could || can {
					t.Fatalf("%s: %s is said to lose %+v, could %v, can %v", name, s, r, could, can)
				}
			}
		}
	}
	return count
}

// bound reports whether a change is about a subject itself.
func bound(p *proof.Proof, s access.Subject) bool {
	return slices.ContainsFunc(p.Rights, func(r proof.Rights) bool { return r.Subject == s })
}

func requests() []access.Request {
	var all []access.Request
	for _, namespace := range []string{"", "red", "blue", "green"} {
		for _, verb := range []string{"get", "list", "create", "patch", "bind", "impersonate", "delete"} {
			for _, r := range []access.Request{
				{Resource: "secrets"},
				{Resource: "pods"},
				{Resource: "pods", Subresource: "exec"},
				{Resource: "pods", Name: "a"},
				{Resource: "serviceaccounts", Subresource: "token"},
				{Group: "apps", Resource: "deployments"},
				{Group: rbacv1.GroupName, Resource: "clusterroles", Name: "b"},
				{Group: rbacv1.GroupName, Resource: "rolebindings"},
				{Resource: "users"},
				{Resource: "nodes"},
				{Resource: "nodes", Subresource: "proxy", Name: "c"},
				{Group: "apps", Resource: "deployments", Subresource: "status"},
				{Path: "/metrics"},
				{Path: "/logs/x"},
			} {
				inNone := r.Path != "" || r.Resource == "users" || r.Resource == "nodes" || r.Resource == "clusterroles" && verb != "bind"
				if inNone && namespace != "" {
					continue // no server asks that
				}
				r.Verb, r.Namespace = verb, namespace
				all = append(all, r)
			}
		}
	}
	return all
}

// matches reports whether a right is to do a request.
func matches(right proof.Right, r access.Request) bool {
	rule := rbacv1.PolicyRule{Verbs: right.Verbs, NonResourceURLs: []string{right.Path}}
	if right.Path == "" {
		rule = rbacv1.PolicyRule{Verbs: right.Verbs, APIGroups: []string{right.Group}, Resources: []string{right.Resource}}
	}
	if right.Name != "" {
		rule.ResourceNames = []string{right.Name}
	}
	if right.Namespace != "" && right.Namespace != r.Namespace {
		return false
	}
	return access.Allows(&rule, r)
}

// asked are the requests that a right is to do, to the letter: with "*" where it has one.
func asked(right proof.Right) []access.Request {
	var all []access.Request
	resource, subresource := right.Resource, ""
	for i, c := range resource {
		if c == '/' {
			resource, subresource = right.Resource[:i], right.Resource[i+1:]
			break
		}
	}
	for _, verb := range right.Verbs {
		namespace := right.Namespace
		if namespace == "" {
			namespace = "green"
		}
		r := access.Request{Verb: verb, Group: right.Group, Resource: resource, Subresource: subresource, Namespace: namespace, Name: right.Name}
		if right.Path != "" {
			r = access.Request{Verb: verb, Path: right.Path}
		}
		all = append(all, r)
		for _, kept := range right.Except {
			if r.Namespace == kept {
				all = all[:len(all)-1]
			}
		}
	}
	return all
}
