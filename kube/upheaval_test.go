package kube_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// world is what a Builder was told, so that another one can be told the same.
type world struct {
	random  *rand.Rand
	builder *kube.Builder
	objects map[kube.Ref]func() kube.Object // by resource and name: a new one each time
}

func (w *world) pick(names ...string) string { return names[w.random.IntN(len(names))] }

// owned returns metadata whose controller is one of many: held or not, of
// whatever kind, or none.
func (w *world) owned(namespace, name string) metav1.ObjectMeta {
	m := metav1.ObjectMeta{
		Namespace: namespace, Name: name, UID: types.UID(fmt.Sprint(w.random.IntN(3))),
		Labels:            map[string]string{"app": w.pick("x", "y")},
		CreationTimestamp: metav1.Unix(int64(1+w.random.IntN(5)), 0),
	}
	kind := w.pick("Deployment", "ReplicaSet", "Job", "CronJob", "Rollout", "Node", "", "")
	if kind != "" {
		version := map[string]string{"Deployment": "apps/v1", "ReplicaSet": "apps/v1", "Job": "batch/v1", "CronJob": "batch/v1", "Rollout": "argoproj.io/v1", "Node": "v1"}
		m.OwnerReferences = []metav1.OwnerReference{{APIVersion: version[kind], Kind: kind, Name: w.pick("one", "two"), Controller: new(true)}}
	}
	return m
}

func (w *world) object(r kube.Resource, namespace, name string) func() kube.Object {
	m := w.owned(namespace, name)
	replicas := int32(w.random.IntN(3))
	account := w.pick("", "robot")
	phase := corev1.PodPhase(w.pick(string(corev1.PodRunning), string(corev1.PodSucceeded), string(corev1.PodPending)))
	template := corev1.PodTemplateSpec{Spec: corev1.PodSpec{ServiceAccountName: account}}
	return func() kube.Object {
		m := *m.DeepCopy()
		switch r {
		case kube.Pods:
			return &corev1.Pod{ObjectMeta: m, Spec: *template.Spec.DeepCopy(), Status: corev1.PodStatus{Phase: phase}}
		case kube.Deployments:
			m.OwnerReferences = nil
			return &appsv1.Deployment{ObjectMeta: m, Spec: appsv1.DeploymentSpec{Replicas: &replicas, Template: template}}
		case kube.ReplicaSets:
			return &appsv1.ReplicaSet{ObjectMeta: m, Spec: appsv1.ReplicaSetSpec{Replicas: &replicas, Template: template}}
		case kube.Jobs:
			return &batchv1.Job{ObjectMeta: m, Spec: batchv1.JobSpec{Template: template}}
		case kube.CronJobs:
			m.OwnerReferences = nil
			return &batchv1.CronJob{ObjectMeta: m, Spec: batchv1.CronJobSpec{JobTemplate: batchv1.JobTemplateSpec{Spec: batchv1.JobSpec{Template: template}}}}
		}
		return &corev1.Service{ObjectMeta: m}
	}
}

// happen lets one thing happen.
func (w *world) happen(t *testing.T) {
	t.Helper()
	resources := []kube.Resource{kube.Pods, kube.Pods, kube.Pods, kube.Deployments, kube.ReplicaSets, kube.Jobs, kube.CronJobs, kube.Services}
	r := resources[w.random.IntN(len(resources))]
	namespace, name := w.pick("a", "b", "c"), w.pick("one", "two", "three")
	ref := r.Ref(namespace, name)
	switch w.random.IntN(10) {
	case 0, 1, 2:
		w.builder.Delete(r, namespace, name)
		delete(w.objects, ref)
	case 3:
		all := w.pick(namespace, "")
		var replaced []kube.Object
		for held := range w.objects {
			if held.Kind == r.Kind && (all == "" || held.Namespace == all) {
				delete(w.objects, held)
			}
		}
		if all != "" {
			w.objects[ref] = w.object(r, namespace, name)
			replaced = append(replaced, w.objects[ref]())
		}
		if err := w.builder.Replace(r, all, replaced); err != nil {
			t.Fatal(err)
		}
	default:
		w.objects[ref] = w.object(r, namespace, name)
		if err := w.builder.Set(r, w.objects[ref]()); err != nil {
			t.Fatal(err)
		}
	}
}

// afresh returns the view that a new Builder has of the same world.
func (w *world) afresh(t *testing.T) *kube.Cluster {
	t.Helper()
	b := kube.NewBuilder(kube.Info{})
	for ref, object := range w.objects {
		r, _ := kube.ResourceOf(ref.Group, ref.Kind)
		if err := b.Set(r, object()); err != nil {
			t.Fatal(err)
		}
	}
	return b.Build(time.Unix(0, 0))
}

// description is everything that a view says of these worlds.
func description(c *kube.Cluster) []string {
	lines := []string{fmt.Sprint(c.NamespaceNames())}
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	for _, r := range kube.Resources() {
		for _, o := range c.Objects(r) {
			held, ok := c.Find(r.Ref(o.GetNamespace(), o.GetName()))
			add("%s %s/%s %v", r, o.GetNamespace(), o.GetName(), ok && held == o)
		}
	}
	for _, w := range c.Workloads() {
		replicas := "none"
		if w.Replicas != nil {
			replicas = fmt.Sprint(*w.Replicas)
		}
		add("%s held %v, controller %v, labels %v, replicas %s, account %s, found %v", w.Ref, w.Held, w.Controller, w.Labels,
			replicas, w.ServiceAccount(), c.Workload(w.Ref) == w && slices.Contains(c.WorkloadsIn(w.Ref.Namespace), w) &&
				slices.Contains(c.WorkloadsRunningAs(w.Ref.Namespace, w.ServiceAccount()), w))
		for _, p := range c.PodsOf(w) {
			add("  has %s, finished %v", p.Name, p.Finished())
		}
	}
	for p := range c.Pods.All() {
		add("%s/%s is of %v", p.Namespace, p.Name, c.WorkloadOf(p) != nil)
	}
	return lines
}

// TestBuilderForgetsNothing holds each view of a Builder to that of one which was
// told of the same objects at once, and the views before to what they were.
func TestBuilderForgetsNothing(t *testing.T) {
	t.Parallel()
	for seed := range kubetest.Rounds(uint64(60)) {
		w := &world{random: rand.New(rand.NewPCG(seed, 3)), builder: kube.NewBuilder(kube.Info{}), objects: map[kube.Ref]func() kube.Object{}}
		type past struct {
			view *kube.Cluster
			said []string
		}
		var earlier []past
		for step := range 40 {
			for range 1 + w.random.IntN(4) {
				w.happen(t)
			}
			c := w.builder.Build(time.Unix(0, 0))
			if w.random.IntN(3) == 0 {
				continue // a view that nobody looks at
			}
			said := description(c)
			if diff := cmp.Diff(description(w.afresh(t)), said); diff != "" {
				t.Fatalf("seed %d, step %d (-afresh +following):\n%s", seed, step, diff)
			}
			for _, p := range earlier {
				if diff := cmp.Diff(p.said, description(p.view)); diff != "" {
					t.Fatalf("seed %d, step %d: a view before changed (-was +is):\n%s", seed, step, diff)
				}
			}
			earlier = append(earlier, past{c, said})
		}
	}
}

// Views must not hold on to those before, or memory grows with time.
func TestViewsLetGoOfThoseBefore(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{})
	first := make(chan struct{})
	for i := range 10 {
		if err := b.Set(kube.Pods, pod(fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
		c := b.Build(time.Unix(0, 0))
		c.Workloads()
		if i == 0 {
			runtime.AddCleanup(c, func(done chan struct{}) { close(done) }, first)
		}
	}
	for range 100 {
		runtime.GC()
		select {
		case <-first:
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
	t.Error("the first of ten views is still held")
}
