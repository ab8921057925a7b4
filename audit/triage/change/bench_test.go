package change_test

import (
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest/fleet"
)

// BenchmarkObserve is what the journal costs with each view in which a pod changed,
// and with each in which a Deployment did.
func BenchmarkObserve(b *testing.B) {
	const pods = 30_000
	f := fleet.Of(pods)
	builder, err := f.Builder()
	if err != nil {
		b.Fatal(err)
	}
	before := builder.Build(fleet.Began())
	b.Run("pod", func(b *testing.B) {
		if err := builder.Set(kube.Pods, f.Change(1)); err != nil {
			b.Fatal(err)
		}
		after := builder.Build(fleet.Began().Add(time.Second))
		var j change.Journal
		for b.Loop() {
			j.Observe(before, after)
		}
		if len(j.Seen(time.Time{})) != 0 {
			b.Error("a pod is no change")
		}
		before = after
	})
	b.Run("deployment", func(b *testing.B) {
		d := deploymentOf(b, before)
		d.Spec.Template.Spec.Containers[0].Image = "registry.example.com/new:1"
		if err := builder.Set(kube.Deployments, d); err != nil {
			b.Fatal(err)
		}
		after := builder.Build(fleet.Began().Add(2 * time.Second))
		for b.Loop() {
			if found := change.Between(before, after); len(found) != 1 {
				b.Fatalf("%d changes, want one rollout", len(found))
			}
		}
	})
}

// BenchmarkReconstruct is what the timeline costs again in the next view in which a pod
// changed, and in one in which a Deployment did; what it costs at first is logged.
func BenchmarkReconstruct(b *testing.B) {
	f := fleet.Of(30_000)
	builder, err := f.Builder()
	if err != nil {
		b.Fatal(err)
	}
	since := fleet.Began().Add(time.Hour)
	last := builder.Build(fleet.Began())
	_ = last.NamespaceNames()
	began := time.Now() // once: a second time it is remembered
	change.Reconstruct(last, since)
	b.Logf("the first time: %s", time.Since(began))
	for _, of := range []struct {
		name string
		set  func(i int) error
	}{
		{"pod", func(i int) error { return builder.Set(kube.Pods, f.Change(i)) }},
		{"deployment", func(i int) error {
			d := deploymentOf(b, last)
			d.Status.ObservedGeneration = int64(i)
			return builder.Set(kube.Deployments, d)
		}},
	} {
		b.Run(of.name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				b.StopTimer()
				if err := of.set(i); err != nil {
					b.Fatal(err)
				}
				last = builder.Build(fleet.Began().Add(time.Duration(i) * time.Second))
				_ = last.NamespaceNames()
				b.StartTimer()
				change.Reconstruct(last, since)
			}
		})
	}
}

// deploymentOf returns a copy of the first Deployment of a view.
func deploymentOf(b *testing.B, c *kube.Cluster) *appsv1.Deployment {
	b.Helper()
	for d := range c.Deployments.All() {
		return d.DeepCopy()
	}
	b.Fatal("there is no Deployment")
	return nil
}
