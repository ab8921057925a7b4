package blast_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage/blast"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest/fleet"
)

// A view that takes over the indexes of the one before answers as one that has made its
// own.
func TestViewsThatFollowEachOther(t *testing.T) {
	t.Parallel()
	f := fleet.Of(900)
	following, fresh := builderOfFleet(t, f), builderOfFleet(t, f)
	hit := []kube.Ref{kube.Nodes.Ref("", "node-0001"), kube.ConfigMaps.Ref("team-0000", "api-0")}
	first := following.Build(fleet.Began())
	before := written(blast.Of(first, hit, nil))
	for i := range 20 {
		pod := f.Change(i)
		pod.Spec.NodeName = fmt.Sprintf("node-%04d", i%2) // away from where it was
		for _, b := range []*kube.Builder{following, fresh} {
			if err := b.Set(kube.Pods, pod.DeepCopy()); err != nil {
				t.Fatal(err)
			}
			b.Delete(kube.Deployments, "team-0000", fmt.Sprintf("api-%d", i))
		}
		blast.Of(following.Build(fleet.Began()), hit, nil)
	}
	got, want := written(blast.Of(following.Build(fleet.Began()), hit, nil)), written(blast.Of(fresh.Build(fleet.Began()), hit, nil))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-fresh +following):\n%s", diff)
	}
	if got == before {
		t.Error("nothing changed, which proves nothing")
	}
	if again := written(blast.Of(first, hit, nil)); again != before {
		t.Errorf("the first view answers otherwise than before:\n%s", cmp.Diff(before, again))
	}
}

// What a view was asked costs the next one nothing, but where something changed that it
// depends on.
func TestIndexesAreKept(t *testing.T) {
	t.Parallel()
	f := fleet.Of(900)
	b := builderOfFleet(t, f)
	pod := f.Change(0)
	home, elsewhere := pod.Namespace, "team-0000"
	if home == elsewhere {
		elsewhere = "team-0001"
	}
	first := b.Build(fleet.Began())
	before := blast.Indexes(first, home)
	event := &corev1.Event{ObjectMeta: metav1.ObjectMeta{Namespace: home, Name: "event"}}
	if err := b.Set(kube.Events, event); err != nil {
		t.Fatal(err)
	}
	second := b.Build(fleet.Began())
	for name, index := range blast.Indexes(second, home) {
		if index != before[name] {
			t.Errorf("after an Event, %s is made again", name)
		}
	}
	if err := b.Set(kube.Pods, pod); err != nil {
		t.Fatal(err)
	}
	third := b.Build(fleet.Began())
	for name, index := range blast.Indexes(third, elsewhere) {
		if index != blast.Indexes(first, elsewhere)[name] {
			t.Errorf("after a change of a pod of %s, %s of %s is made again", home, name, elsewhere)
		}
	}
	if blast.Indexes(third, home)["space"] == before["space"] {
		t.Errorf("after a change of its pod, the index of %s is the same", home)
	}
}

func builderOfFleet(t testing.TB, f fleet.Fleet) *kube.Builder {
	t.Helper()
	b, err := f.Builder()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// BenchmarkNodeLoss asks what the loss of a node with 100 pods hits in a fleet of 30,000:
// in a view that was asked before, in one after an event of another pod, and in the first
// of all.
func BenchmarkNodeLoss(b *testing.B) {
	f := fleet.Of(30_000)
	builder := builderOfFleet(b, f)
	hit := []kube.Ref{kube.Nodes.Ref("", "node-0007")}
	c := builder.Build(fleet.Began())
	c.Workloads()
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			fresh := builderOfFleet(b, f).Build(fleet.Began())
			fresh.Workloads()
			b.StartTimer()
			tell(b, fresh, hit)
		}
	})
	b.Run("again", func(b *testing.B) {
		tell(b, c, hit)
		for b.Loop() {
			tell(b, c, hit)
		}
	})
	b.Run("after an event", func(b *testing.B) {
		tell(b, c, hit)
		i := 0
		for b.Loop() {
			b.StopTimer()
			if err := builder.Set(kube.Pods, f.Change(i)); err != nil {
				b.Fatal(err)
			}
			i++
			next := builder.Build(fleet.Began())
			next.Workloads()
			b.StartTimer()
			tell(b, next, hit)
		}
	})
}

func tell(b *testing.B, c *kube.Cluster, hit []kube.Ref) {
	b.Helper()
	if r := blast.Of(c, hit, nil); r.Pods != 100 || r.Workloads == 0 || r.Services == 0 {
		b.Fatalf("the loss of a node: %v", r)
	}
}
