package kube_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

func TestViewsDoNotChange(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{Name: "test"})
	set := func(o *corev1.Pod) {
		if err := b.Set(kube.Pods, o); err != nil {
			t.Fatal(err)
		}
	}
	set(pod("a"))
	set(pod("c"))
	first := b.Build(time.Unix(1, 0))
	set(pod("b"))
	changed := pod("c")
	changed.Status.Phase = corev1.PodFailed
	set(changed)
	b.Delete(kube.Pods, "shop", "a")
	second := b.Build(time.Unix(2, 0))

	if first.Generation+1 != second.Generation {
		t.Errorf("generations %d and %d do not follow each other", first.Generation, second.Generation)
	}
	if _, ok := first.Pods.Get("shop", "b"); ok || first.Pods.Len() != 2 {
		t.Error("the first view changed")
	}
	var got []string
	for c := range kube.Changes(first, second) {
		got = append(got, fmt.Sprintf("%s %s/%s %v %v", c.Resource, c.Namespace, c.Name, c.Before != nil, c.After != nil))
	}
	want := []string{"pods shop/a true false", "pods shop/b false true", "pods shop/c true true"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if len(first.WorkloadsIn("shop")) != 2 || len(second.WorkloadsIn("shop")) != 1 {
		t.Errorf("workloads: %d, then %d; want 2, then 1 (c failed and a is gone)", len(first.Workloads()), len(second.Workloads()))
	}
}

func TestUnchangedTablesAreShared(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{})
	if err := b.Set(kube.Pods, pod("a")); err != nil {
		t.Fatal(err)
	}
	first := b.Build(time.Unix(1, 0))
	first.Workloads() // somebody looked at them
	b.SetState(kube.State{Resource: kube.Nodes, Phase: kube.Forbidden})
	second := b.Build(time.Unix(2, 0))
	if &first.Pods.In("shop")[0] != &second.Pods.In("shop")[0] || first.Workloads()[0] != second.Workloads()[0] {
		t.Error("a view that differs in a state alone does not share its tables and what follows from them")
	}
}

// Pods of a controller that no view holds report their status all the time: only
// the one that stands for the others is a reason to look at the namespace again.
func TestStatusOfPodsWhoseControllerIsNotHeld(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{})
	report := func(name, message string) {
		p := pod(name)
		p.OwnerReferences = []metav1.OwnerReference{{APIVersion: "argoproj.io/v1alpha1", Kind: "Workflow", Name: "nightly", Controller: new(true)}}
		p.Status.Message = message
		if err := b.Set(kube.Pods, p); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"a", "b", "c"} {
		report(name, "pulling")
	}
	first := b.Build(time.Unix(1, 0)).WorkloadsIn("shop")
	if len(first) != 1 || first[0].Object.GetName() != "a" {
		t.Fatalf("three pods of one Workflow are %d workloads", len(first))
	}
	report("b", "started")
	second := b.Build(time.Unix(2, 0)).WorkloadsIn("shop")
	if &first[0] != &second[0] {
		t.Error("the status of a pod that stands for none made the workloads new")
	}
	report("a", "started")
	third := b.Build(time.Unix(3, 0)).WorkloadsIn("shop")
	if held, ok := third[0].Object.(*kube.Pod); !ok || held.Status.Message != "started" {
		t.Errorf("the workload is judged by a pod as it was: %+v", third[0].Object)
	}
}

func TestTables(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{})
	for _, name := range []string{"b/2", "a/1", "b/1", "c/1", "a/2"} {
		namespace, name, _ := strings.Cut(name, "/")
		if err := b.Set(kube.Services, &corev1.Service{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}}); err != nil {
			t.Fatal(err)
		}
	}
	table := b.Build(time.Unix(1, 0)).Services
	for namespace, want := range map[string][]string{"a": {"1", "2"}, "b": {"1", "2"}, "c": {"1"}, "": nil, "d": nil} {
		var got []string
		for _, p := range table.In(namespace) {
			got = append(got, p.Name)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("in %q (-want +got):\n%s", namespace, diff)
		}
	}
	if p, ok := table.Get("b", "2"); !ok || p.Namespace != "b" || p.Name != "2" {
		t.Errorf("Get(b, 2) = %v, %v", p, ok)
	}
	if p, ok := table.Get("b", "3"); ok || p != nil {
		t.Errorf("Get(b, 3) = %v, %v", p, ok)
	}
}

func TestReplicasShareOneSpec(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{})
	withToken := func(name string) *corev1.Pod {
		p := pod(name)
		volume := "kube-api-access-" + name
		p.Spec.Volumes = []corev1.Volume{{Name: volume, VolumeSource: corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{}}}}
		p.Spec.Containers[0].VolumeMounts = []corev1.VolumeMount{{Name: volume, MountPath: "/var/run/secrets"}}
		return p
	}
	for _, name := range []string{"x1", "x2", "x3"} {
		if err := b.Set(kube.Pods, withToken(name)); err != nil {
			t.Fatal(err)
		}
	}
	rows := b.Build(time.Unix(0, 0)).Pods.In("shop")
	if rows[0].Spec != rows[1].Spec || rows[1].Spec != rows[2].Spec {
		t.Error("three replicas hold more than one spec")
	}
	if rows[0].Node == rows[1].Node {
		t.Error("the rows lost the nodes of their pods")
	}
	runtime.KeepAlive(b)
}

func TestWhatTheViewNeverHolds(t *testing.T) {
	t.Parallel()
	secret := &corev1.Secret{ObjectMeta: meta("db"), Data: map[string][]byte{"password": []byte("hunter2")}}
	secret.Annotations = map[string]string{corev1.LastAppliedConfigAnnotation: `{"stringData":{"password":"hunter2"}}`, "team": "shop"}
	config := &corev1.ConfigMap{ObjectMeta: meta("db"), Data: map[string]string{"password": "hunter2"}}
	deployment := &appsv1.Deployment{ObjectMeta: meta("web")}
	deployment.ManagedFields = []metav1.ManagedFieldsEntry{
		{Manager: "kubectl", APIVersion: "apps/v1", FieldsV1: metav1.NewFieldsV1(`{"f:spec":{"f:replicas":{},"f:template":{}}}`)},
		{Manager: "flux", APIVersion: "apps/v1", FieldsV1: metav1.NewFieldsV1(`{"f:spec":{"f:template":{}}}`)},
		{Manager: "controller", APIVersion: "apps/v1", FieldsV1: metav1.NewFieldsV1(`{"f:status":{"f:replicas":{}}}`)},
	}
	c := build(t, object{kube.Secrets, secret}, object{kube.ConfigMaps, config}, object{kube.Deployments, deployment})
	for _, r := range []kube.Resource{kube.Secrets, kube.ConfigMaps} {
		if text := fmt.Sprintf("%+v", c.Objects(r)[0]); strings.Contains(text, "hunter2") {
			t.Errorf("the view holds the value of a %s: %s", r, text)
		}
	}
	held, _ := c.Deployments.Get("shop", "web")
	var got []string
	for _, entry := range held.ManagedFields {
		got = append(got, fmt.Sprintf("%s %s %v", entry.Manager, entry.APIVersion, entry.FieldsV1 != nil))
	}
	if diff := cmp.Diff([]string{"kubectl apps/v1 true", "flux apps/v1 false", "controller apps/v1 false"}, got); diff != "" {
		t.Errorf("managers (-want +got):\n%s", diff)
	}
}

func TestSetRefusesOtherTypes(t *testing.T) {
	t.Parallel()
	err := kube.NewBuilder(kube.Info{}).Set(kube.Services, &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "n1"}})
	if !errors.Is(err, kube.ErrWrongType) {
		t.Errorf("error %v, want ErrWrongType", err)
	}
}

func TestBlind(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{})
	b.SetState(kube.State{Resource: kube.Services, Phase: kube.Forbidden, Reason: "no"})
	b.SetState(kube.State{Resource: kube.Services, Namespace: "shop", Phase: kube.Synced})
	b.SetState(kube.State{Resource: kube.Pods, Phase: kube.Stale})
	b.SetState(kube.State{Resource: kube.Jobs, Phase: kube.Syncing})
	c := b.Build(time.Unix(0, 0))
	for _, tt := range []struct {
		resource  kube.Resource
		namespace string
		want      bool
	}{
		{kube.Services, "shop", false},
		{kube.Services, "other", true},
		{kube.Services, "", true},
		{kube.Pods, "shop", false},
		{kube.Jobs, "shop", true},
		{kube.Nodes, "", false},
	} {
		if _, got := c.Blind(tt.resource, tt.namespace); got != tt.want {
			t.Errorf("blind for %s in %q: %v, want %v", tt.resource, tt.namespace, got, tt.want)
		}
	}
	if c.Settled() {
		t.Error("settled although jobs are still coming")
	}
}

type sourceFunc func(context.Context, func(*kube.Cluster)) error

func (f sourceFunc) Watch(ctx context.Context, publish func(*kube.Cluster)) error {
	return f(ctx, publish)
}

func TestLoad(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	view := func(phase kube.Phase) *kube.Cluster {
		b := kube.NewBuilder(kube.Info{})
		b.SetState(kube.State{Resource: kube.Pods, Phase: phase})
		return b.Build(time.Unix(0, 0))
	}
	for name, tt := range map[string]struct {
		source kube.Source
		want   error
		read   bool
	}{
		"until settled": {sourceFunc(func(ctx context.Context, publish func(*kube.Cluster)) error {
			publish(view(kube.Syncing))
			publish(view(kube.Forbidden))
			<-ctx.Done()
			return ctx.Err()
		}), nil, true},
		"broken": {sourceFunc(func(context.Context, func(*kube.Cluster)) error { return broken }), broken, false},
		"broken after a partial view": {sourceFunc(func(_ context.Context, publish func(*kube.Cluster)) error {
			publish(view(kube.Syncing))
			return broken
		}), broken, true},
		"nothing": {sourceFunc(func(context.Context, func(*kube.Cluster)) error { return nil }), kube.ErrNothingRead, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			views := 0
			c, err := kube.Load(t.Context(), tt.source, func(*kube.Cluster) { views++ })
			if !errors.Is(err, tt.want) || (c != nil) != tt.read || (views > 0) != tt.read {
				t.Errorf("view %v, error %v, told of %d; want read %v and error %v", c != nil, err, views, tt.read, tt.want)
			}
		})
	}
}
