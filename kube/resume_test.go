package kube_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// TestGoingOnFromAnEarlierView leaves what went on before as it is, and shares what is
// the same.
func TestGoingOnFromAnEarlierView(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{Name: "test"})
	set := func(b *kube.Builder, name string, phase corev1.PodPhase) {
		t.Helper()
		p := pod(name)
		p.Status.Phase = phase
		if err := b.Set(kube.Pods, p); err != nil {
			t.Fatal(err)
		}
	}
	names := func(c *kube.Cluster) []string {
		all := []string{}
		for p := range c.Pods.All() {
			all = append(all, p.Name+" "+string(p.Status.Phase))
		}
		return all
	}
	set(b, "a", corev1.PodRunning)
	set(b, "b", corev1.PodRunning)
	b.SetState(kube.State{Resource: kube.Nodes, Phase: kube.Forbidden, Reason: "no"})
	first := b.Build(time.Unix(1, 0))
	b.Delete(kube.Pods, "shop", "a")
	b.SetState(kube.State{Resource: kube.Nodes, Phase: kube.Synced})
	second := b.Build(time.Unix(2, 0))

	again := b.From(first)
	again.Skip()
	set(again, "b", corev1.PodFailed)
	other := again.Build(time.Unix(3, 0))
	if diff := cmp.Diff([]string{"a Running", "b Failed"}, names(other)); diff != "" {
		t.Errorf("what goes on from the first view (-want +got):\n%s", diff)
	}
	if other.Generation != first.Generation+2 {
		t.Errorf("after a view that was skipped the generation is %d, and was %d", other.Generation, first.Generation)
	}
	if _, blind := other.Blind(kube.Nodes, ""); !blind || again.Count(kube.Pods, "shop") != 2 {
		t.Errorf("blind %v, %d pods; want the states and the count of the first view", blind, again.Count(kube.Pods, "shop"))
	}
	if diff := cmp.Diff([]string{"b Running"}, names(second)); diff != "" {
		t.Errorf("the second view changed (-want +got):\n%s", diff)
	}
	before, _ := first.Pods.Get("shop", "a")
	if after, _ := other.Pods.Get("shop", "a"); after != before {
		t.Error("what stays the same is held twice")
	}
	if len(first.WorkloadsIn("shop")) != 2 || len(other.WorkloadsIn("shop")) != 1 {
		t.Errorf("workloads: %d, then %d; want 2, then 1 (b failed)", len(first.WorkloadsIn("shop")), len(other.WorkloadsIn("shop")))
	}
}
