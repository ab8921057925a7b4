package blast_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

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
