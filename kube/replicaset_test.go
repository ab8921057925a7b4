package kube_test

import (
	"maps"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// failedToCreate is what a ReplicaSet says that a quota keeps from having pods.
var failedToCreate = appsv1.ReplicaSetCondition{
	Type: appsv1.ReplicaSetReplicaFailure, Status: corev1.ConditionTrue, Reason: "FailedCreate",
	Message:            `pods "web-x" is forbidden: exceeded quota: compute, requested: cpu=1, used: cpu=4, limited: cpu=4`,
	LastTransitionTime: metav1.Unix(1_700_000_000, 0),
}

// Past revisions have the same numbers, which are held once and come back.
func TestReplicaSetsKeepTheirNumbers(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{})
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 9))
		few := func() int32 { return int32(random.IntN(3) - 1) }
		sent := &appsv1.ReplicaSet{
			ObjectMeta: metav1.ObjectMeta{
				Namespace: "shop", Name: "web", UID: types.UID([]string{"", "odd", "6f1d2c3b-0a9e-4f00-8001-a1b2c3d4e5f6"}[random.IntN(3)]), CreationTimestamp: moments(random),
			},
			Status: appsv1.ReplicaSetStatus{
				Replicas: few(), FullyLabeledReplicas: few(), ReadyReplicas: few(), AvailableReplicas: few(), ObservedGeneration: int64(few()),
			},
		}
		if random.IntN(2) == 0 {
			sent.Status.TerminatingReplicas = new(few())
		}
		if random.IntN(5) == 0 {
			sent.Status.Conditions = []appsv1.ReplicaSetCondition{failedToCreate}
		}
		if err := b.Set(kube.ReplicaSets, sent.DeepCopy()); err != nil {
			t.Fatal(err)
		}
		held, _ := b.Build(time.Unix(0, 0)).ReplicaSets.Get("shop", "web")
		got := held.API()
		if diff := cmp.Diff(sent.Status, got.Status); diff != "" || got.UID != sent.UID || !got.CreationTimestamp.Equal(&sent.CreationTimestamp) {
			t.Fatalf("seed %d: UID %q, created %v; want %q, %v; status (-sent +held):\n%s",
				seed, got.UID, got.CreationTimestamp, sent.UID, sent.CreationTimestamp, diff)
		}
	}
}

func TestReplicaSetsKeepWhyPodsAreMissing(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{})
	status := appsv1.ReplicaSetStatus{Replicas: 2, Conditions: []appsv1.ReplicaSetCondition{
		{Type: "example.com/Other", Status: corev1.ConditionTrue}, failedToCreate,
	}}
	for name, status := range map[string]appsv1.ReplicaSetStatus{"failing": status, "well": {Replicas: 2}} {
		set := &appsv1.ReplicaSet{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: name}, Status: status}
		if err := b.Set(kube.ReplicaSets, set); err != nil {
			t.Fatal(err)
		}
	}
	view := b.Build(time.Unix(0, 0))
	failing, _ := view.ReplicaSets.Get("shop", "failing")
	well, _ := view.ReplicaSets.Get("shop", "well")
	if well.Failure() != nil {
		t.Errorf("a ReplicaSet that is well says %v", well.Failure())
	}
	if diff := cmp.Diff(&failedToCreate, failing.Failure()); diff != "" {
		t.Errorf("the failure (-sent +held):\n%s", diff)
	}
	if diff := cmp.Diff([]appsv1.ReplicaSetCondition{failedToCreate}, failing.API().Status.Conditions); diff != "" {
		t.Errorf("the conditions of the API (-want +got):\n%s", diff)
	}
}

// What made a rollout of nothing but an annotation is known of past revisions too.
func TestReplicaSetsKeepTheAnnotationsOfTheirTemplates(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{})
	annotations := map[string]string{
		"checksum/config": "8a1c\x00", "kubectl.kubernetes.io/restartedAt": "2026-05-04T03:02:01Z", "": "", "long": string(make([]byte, 300)),
	}
	for replicas := range int32(2) {
		set := &appsv1.ReplicaSet{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web", OwnerReferences: []metav1.OwnerReference{
			{APIVersion: "apps/v1", Kind: "Deployment", Name: "web", Controller: new(true)},
		}}}
		set.Spec.Replicas = &replicas
		set.Spec.Template.Annotations = maps.Clone(annotations)
		if err := b.Set(kube.ReplicaSets, set); err != nil {
			t.Fatal(err)
		}
		held, _ := b.Build(time.Unix(0, 0)).ReplicaSets.Get("shop", "web")
		if (held.TemplateAnnotations == nil) != (replicas == 0) {
			t.Errorf("with %d replicas, the annotations are held as %v", replicas, held.TemplateAnnotations)
		}
		if diff := cmp.Diff(annotations, held.Template().Annotations); diff != "" {
			t.Errorf("with %d replicas (-sent +held):\n%s", replicas, diff)
		}
	}
}
