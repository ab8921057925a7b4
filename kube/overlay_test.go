package kube_test

import (
	"errors"
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

	"github.com/seaworthy-dev/seaworthy/kube"
)

// row returns one of a few objects, as somebody writes it for the n-th time.
func row(r kube.Resource, i, n int) kube.Object {
	meta := metav1.ObjectMeta{
		Namespace: fmt.Sprintf("team-%d", i%3), Name: fmt.Sprintf("o%d", i), Annotations: map[string]string{"n": fmt.Sprint(n)},
	}
	switch r {
	case kube.Deployments:
		return &appsv1.Deployment{ObjectMeta: meta}
	case kube.Pods:
		return &corev1.Pod{ObjectMeta: meta, Spec: corev1.PodSpec{ServiceAccountName: fmt.Sprint(n)}}
	}
	meta.Namespace = ""
	return &rbacv1.ClusterRole{ObjectMeta: meta}
}

// contentsOf lists the objects of a view, its workloads and what was derived.
func contentsOf(c *kube.Cluster, derived *kube.Derivation[[]string]) []string {
	var all []string
	for _, r := range kube.Resources() {
		for _, o := range c.Objects(r) {
			annotations := map[string]string{}
			switch o := o.(type) {
			case metav1.Object:
				annotations = o.GetAnnotations()
			case *kube.Pod:
				annotations = o.Annotations
			}
			all = append(all, fmt.Sprintf("%s %s %s %v", r, o.GetNamespace(), o.GetName(), annotations))
		}
	}
	for _, w := range c.Workloads() {
		all = append(all, fmt.Sprintf("%s %v %d", w.Ref, w.Annotations, len(c.PodsOf(w))))
	}
	return append(all, derived.Of(c)...)
}

// A view with changes is what a Builder would publish that was told of them, and
// the view it was made of stays as it is.
func TestWithChanges(t *testing.T) {
	t.Parallel()
	derived := kube.Derive(func(c *kube.Cluster) []string {
		var names []string
		for o := range c.ClusterRoles.All() {
			names = append(names, o.Name+o.Annotations["n"])
		}
		return names
	}).From(kube.ClusterRoles)
	resources := []kube.Resource{kube.Deployments, kube.Pods, kube.ClusterRoles}
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 7))
		b := kube.NewBuilder(kube.Info{Name: "test"})
		for range r.IntN(20) {
			resource := resources[r.IntN(len(resources))]
			if err := b.Set(resource, row(resource, r.IntN(8), 0)); err != nil {
				t.Fatal(err)
			}
		}
		c := b.Build(time.Unix(0, 0))
		before := contentsOf(c, derived)
		var changes []kube.Change
		for n := range 1 + r.IntN(6) {
			resource := resources[r.IntN(len(resources))]
			o := row(resource, r.IntN(8), n+1)
			change := kube.Change{Resource: resource, Namespace: o.GetNamespace(), Name: o.GetName()}
			if r.IntN(2) == 0 {
				b.Delete(resource, o.GetNamespace(), o.GetName())
			} else {
				change.After = o
				if err := b.Set(resource, row(resource, slices.Index([]string{"o0", "o1", "o2", "o3", "o4", "o5", "o6", "o7"}, o.GetName()), n+1)); err != nil {
					t.Fatal(err)
				}
			}
			changes = append(changes, change)
		}
		with, err := c.With(changes...)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(contentsOf(b.Build(time.Unix(0, 0)), derived), contentsOf(with, derived)); diff != "" {
			t.Fatalf("seed %d: with changes (-published +with):\n%s", seed, diff)
		}
		if diff := cmp.Diff(before, contentsOf(c, derived)); diff != "" {
			t.Fatalf("seed %d: the view itself changed:\n%s", seed, diff)
		}
	}
}

func TestWithSharesTheRest(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{Name: "test"})
	for _, r := range []kube.Resource{kube.Deployments, kube.Pods, kube.ClusterRoles} {
		if err := b.Set(r, row(r, 1, 0)); err != nil {
			t.Fatal(err)
		}
	}
	calls := 0
	derived := kube.Derive(func(*kube.Cluster) int { calls++; return calls }).From(kube.Pods)
	c := b.Build(time.Unix(0, 0))
	derived.Of(c)
	with, err := c.With(kube.Change{Resource: kube.ClusterRoles, Name: "o1"})
	if err != nil {
		t.Fatal(err)
	}
	changed := 0
	for range kube.Changes(c, with) {
		changed++
	}
	if changed != 1 || derived.Of(with) != 1 || with.Workloads()[0] != c.Workloads()[0] {
		t.Errorf("%d changes, derived %d times; want one of each and the same workloads", changed, calls)
	}
}

func TestWithWhatIsNoObjectOfTheView(t *testing.T) {
	t.Parallel()
	c := kube.NewBuilder(kube.Info{}).Build(time.Unix(0, 0))
	for name, change := range map[string]kube.Change{
		"an unknown resource":   {Resource: kube.Resource{Plural: "moons"}, Name: "io"},
		"another resource's":    {Resource: kube.Roles, After: row(kube.ClusterRoles, 1, 0)},
		"an unknown type of it": {Resource: kube.Pods, After: row(kube.Deployments, 1, 0)},
	} {
		if _, err := c.With(change); !errors.Is(err, kube.ErrWrongType) {
			t.Errorf("%s: %v, want ErrWrongType", name, err)
		}
	}
}
