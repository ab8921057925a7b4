package kube_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/seaworthy-dev/seaworthy/kube"
)

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
