package rbac_test

import (
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

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/rules/rbac"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// world makes clusters: a few namespaces with ServiceAccounts, programs and Secrets,
// roles with all sorts of rules, and bindings of all sorts.
type world struct {
	*rand.Rand
	objects []thing
	joining bool // with the rights to bind and escalate
	names   int
}

type thing struct {
	resource kube.Resource
	object   kube.Object
}

var worldSpaces = []string{"a", "b", "kube-system"}

func (w *world) of(words ...string) string { return words[w.IntN(len(words))] }

func (w *world) some(words ...string) []string {
	var chosen []string
	for range 1 + w.IntN(3) {
		if word := w.of(words...); !slices.Contains(chosen, word) {
			chosen = append(chosen, word)
		}
	}
	return chosen
}

func (w *world) add(r kube.Resource, o kube.Object) { w.objects = append(w.objects, thing{r, o}) }

func named(namespace, name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Namespace: namespace, Name: name}
}

func newWorld(seed uint64, joining bool) *world {
	w := &world{Rand: rand.New(rand.NewPCG(seed, 11)), joining: joining}
	w.add(kube.Nodes, &corev1.Node{ObjectMeta: named("", "worker")})
	for _, namespace := range worldSpaces {
		space := &corev1.Namespace{ObjectMeta: named("", namespace)}
		if w.IntN(2) == 0 {
			space.Labels = map[string]string{"pod-security.kubernetes.io/enforce": "restricted"}
		}
		w.add(kube.Namespaces, space)
		for _, name := range []string{"default", "x", "y"} {
			w.add(kube.ServiceAccounts, &corev1.ServiceAccount{ObjectMeta: named(namespace, name)})
			if w.IntN(2) == 0 {
				w.deploy(namespace, name)
			}
		}
		if w.IntN(3) == 0 {
			token := &metav1.PartialObjectMetadata{ObjectMeta: named(namespace, "token")}
			token.Annotations = map[string]string{corev1.ServiceAccountNameKey: "x"}
			w.add(kube.Secrets, token)
		}
	}
	for range 1 + w.IntN(4) {
		w.grant()
	}
	return w
}

func (w *world) deploy(namespace, account string) {
	labels := map[string]string{"app": account}
	w.add(kube.Deployments, &appsv1.Deployment{ObjectMeta: named(namespace, account), Spec: appsv1.DeploymentSpec{
		Replicas: new(int32(1 + w.IntN(5))), Selector: &metav1.LabelSelector{MatchLabels: labels},
		Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels}, Spec: corev1.PodSpec{
			ServiceAccountName: account, Containers: []corev1.Container{{Name: "app", Image: "a"}},
		}},
	}})
}

func (w *world) rule() rbacv1.PolicyRule {
	verbs := []string{"get", "list", "create", "patch", "delete", "impersonate", "*"}
	if w.joining {
		verbs = append(verbs, "bind", "escalate")
	}
	r := rbacv1.PolicyRule{
		Verbs:     w.some(verbs...),
		APIGroups: w.some("", "apps", rbacv1.GroupName, "*", "admissionregistration.k8s.io"),
		Resources: w.some("pods", "pods/exec", "secrets", "serviceaccounts", "serviceaccounts/token", "configmaps", "deployments", "namespaces",
			"roles", "rolebindings", "clusterroles", "clusterrolebindings", "nodes", "nodes/proxy", "*", "validatingwebhookconfigurations"),
	}
	if w.IntN(5) == 0 {
		r.ResourceNames = w.some("x", "y", "token", "a")
	}
	return r
}

func (w *world) subject() rbacv1.Subject {
	switch w.IntN(6) {
	case 0:
		return rbacv1.Subject{Kind: rbacv1.UserKind, Name: w.of("jane", "joe", "system:anonymous")}
	case 1:
		return rbacv1.Subject{Kind: rbacv1.GroupKind, Name: w.of("ops", "system:authenticated", "system:unauthenticated", "system:serviceaccounts", "system:serviceaccounts:a")}
	}
	return rbacv1.Subject{Kind: rbacv1.ServiceAccountKind, Namespace: w.of(append(worldSpaces, "gone")...), Name: w.of("default", "x", "y", "ghost")}
}

// grant adds a role and a binding of it.
func (w *world) grant() {
	w.names++
	name := fmt.Sprintf("r%d", w.names)
	role := &rbacv1.ClusterRole{ObjectMeta: named("", name)}
	for range 1 + w.IntN(3) {
		role.Rules = append(role.Rules, w.rule())
	}
	w.add(kube.ClusterRoles, role)
	ref := rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: kube.ClusterRoles.Kind, Name: name}
	if w.IntN(12) == 0 {
		ref.Name = "missing"
	}
	subjects := []rbacv1.Subject{w.subject()}
	if w.IntN(3) == 0 {
		subjects = append(subjects, w.subject())
	}
	if w.IntN(2) == 0 {
		w.add(kube.ClusterRoleBindings, &rbacv1.ClusterRoleBinding{ObjectMeta: named("", name), RoleRef: ref, Subjects: subjects})
		return
	}
	w.add(kube.RoleBindings, &rbacv1.RoleBinding{ObjectMeta: named(w.of(worldSpaces...), name), RoleRef: ref, Subjects: subjects})
}

// measured judges objects by the measures alone.
func measured(t *testing.T, things []thing) *audit.Result {
	t.Helper()
	b := kube.NewBuilder(kube.Info{Name: "test", Version: "v1.37.1"})
	for _, one := range things {
		if err := b.Set(one.resource, one.object); err != nil {
			t.Fatal(err)
		}
	}
	category := rbac.Category()
	category.Rules = slices.DeleteFunc(slices.Clone(category.Rules), func(r *audit.Rule) bool { return r.Weight == 0 })
	return audit.Run(b.Build(time.Unix(0, 0)), []audit.Category{category})
}

const worlds = 150

// Whoever is given more never makes a namespace better: not in any of its measures.
func TestAGrantNeverRaisesTheScope(t *testing.T) {
	t.Parallel()
	lower := 0
	for seed := range uint64(worlds) {
		w := newWorld(seed, true)
		before := measured(t, w.objects)
		count := len(w.objects)
		w.grant()
		after := measured(t, w.objects)
		for _, namespace := range worldSpaces {
			was, is := extents(before, namespace), extents(after, namespace)
			for rule, x := range was {
				if is[rule] < x-1e-12 {
					t.Fatalf("seed %d: %s in %s is %v, and was %v without %+v", seed, rule, namespace, is[rule], x, w.objects[count:])
				}
			}
			if scopeIn(after, namespace) < scopeIn(before, namespace) {
				lower++
			}
		}
	}
	if lower < worlds/4 {
		t.Errorf("only %d of %d grants made any difference", lower, worlds)
	}
}

// How rights are spread over rules, roles and bindings makes no difference, nor how
// many replicas there are, nor in what order a view was read.
func TestTheScopeIsOfWhatIsGranted(t *testing.T) {
	t.Parallel()
	different := 0
	for seed := range uint64(worlds) {
		w := newWorld(seed, false)
		before := measured(t, w.objects)
		split := measured(t, w.split())
		for _, namespace := range worldSpaces {
			if got, want := scopeIn(split, namespace), scopeIn(before, namespace); got < want-1e-9 || got > want+1e-9 {
				t.Fatalf("seed %d: the scope score of %s is %v, and %v of the same rights in other roles: %v, %v", seed, namespace, want, got,
					extents(before, namespace), extents(split, namespace))
			}
			if scopeIn(before, namespace) < 100 {
				different++
			}
		}
		shuffled := slices.Clone(w.objects)
		w.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if diff := cmp.Diff(told(before), told(measured(t, shuffled))); diff != "" {
			t.Fatalf("seed %d: in another order (-first +second):\n%s", seed, diff)
		}
		if diff := cmp.Diff(told(before), told(measured(t, w.scaled()))); diff != "" {
			t.Fatalf("seed %d: with more replicas (-few +many):\n%s", seed, diff)
		}
	}
	if different < worlds {
		t.Errorf("only %d of %d namespaces have a scope", different, 3*worlds)
	}
}

func told(r *audit.Result) []string {
	var all []string
	for _, f := range r.Findings() {
		all = append(all, fmt.Sprint(f.ID(), f.Severity, f.Message, f.Detail))
	}
	return all
}

// split returns the objects of the world with a role for each verb on each
// resource, bound to the same subjects.
func (w *world) split() []thing {
	var things []thing
	parts := map[string][]string{"missing": {"missing"}}
	for _, one := range w.objects {
		role, ok := one.object.(*rbacv1.ClusterRole)
		if !ok {
			continue
		}
		for _, part := range atoms(role.Rules) {
			name := fmt.Sprintf("%s-%d", role.Name, len(parts[role.Name]))
			parts[role.Name] = append(parts[role.Name], name)
			things = append(things, thing{kube.ClusterRoles, &rbacv1.ClusterRole{ObjectMeta: named("", name), Rules: []rbacv1.PolicyRule{part}}})
		}
	}
	for _, one := range w.objects {
		switch b := one.object.(type) {
		case *rbacv1.ClusterRole:
		case *rbacv1.ClusterRoleBinding:
			for i, name := range parts[b.RoleRef.Name] {
				bound := b.DeepCopy()
				bound.Name, bound.RoleRef.Name = fmt.Sprintf("%s-%d", b.Name, i), name
				things = append(things, thing{one.resource, bound})
			}
		case *rbacv1.RoleBinding:
			for i, name := range parts[b.RoleRef.Name] {
				bound := b.DeepCopy()
				bound.Name, bound.RoleRef.Name = fmt.Sprintf("%s-%d", b.Name, i), name
				things = append(things, thing{one.resource, bound})
			}
		default:
			things = append(things, one)
		}
	}
	return things
}

// atoms returns a rule for each verb on each resource. Verbs on named objects stay
// together: the graph sees in one rule alone that who may create and patch may
// apply what does not exist.
func atoms(rules []rbacv1.PolicyRule) []rbacv1.PolicyRule {
	var all []rbacv1.PolicyRule
	for _, r := range rules {
		verbs := [][]string{r.Verbs}
		if len(r.ResourceNames) == 0 {
			verbs = verbs[:0]
			for _, verb := range r.Verbs {
				verbs = append(verbs, []string{verb})
			}
		}
		for _, verbs := range verbs {
			for _, resource := range r.Resources {
				all = append(all, rbacv1.PolicyRule{Verbs: verbs, APIGroups: r.APIGroups, Resources: []string{resource}, ResourceNames: r.ResourceNames})
			}
		}
	}
	return all
}

// scaled returns the objects of the world with more replicas.
func (w *world) scaled() []thing {
	things := slices.Clone(w.objects)
	for i, one := range things {
		if d, ok := one.object.(*appsv1.Deployment); ok {
			more := d.DeepCopy()
			*more.Spec.Replicas *= 10
			things[i].object = more
		}
	}
	return things
}
