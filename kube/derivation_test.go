package kube_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
)

func TestDerivationIsMadeOnceForEachView(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	generation := kube.Derive(func(c *kube.Cluster) uint64 {
		calls.Add(1)
		return c.Generation
	})
	b := kube.NewBuilder(kube.Info{})
	first, second := b.Build(time.Unix(0, 0)), b.Build(time.Unix(1, 0))
	var done sync.WaitGroup
	for range 8 {
		done.Go(func() {
			if got := generation.Of(first); got != first.Generation {
				t.Errorf("derived %d from the first view, want %d", got, first.Generation)
			}
		})
	}
	done.Wait()
	if got := generation.Of(second); got != second.Generation {
		t.Errorf("derived %d from the second view, want %d", got, second.Generation)
	}
	if got := calls.Load(); got != 2 {
		t.Errorf("derived %d times from two views", got)
	}
}

func TestKeyedDerivation(t *testing.T) {
	t.Parallel()
	var derived atomic.Int32
	count := kube.DeriveFor(func(c *kube.Cluster, namespace string) int {
		derived.Add(1)
		return len(c.Deployments.In(namespace))
	})
	c := built(t, kube.Info{}, map[kube.Resource][]kube.Object{
		kube.Deployments: {deployment("web", nil), deployment("api", nil)},
	})
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if got := count.Of(c, "shop"); got != 2 {
				t.Errorf("got %d Deployments, want 2", got)
			}
		})
	}
	group.Wait()
	if got := count.Of(c, "elsewhere"); got != 0 {
		t.Errorf("got %d Deployments in another namespace, want none", got)
	}
	if got := derived.Load(); got != 2 {
		t.Errorf("two namespaces were derived %d times", got)
	}
}

// What is revised sees what was derived last, of however early a view, and
// nothing of another Builder.
func TestRevise(t *testing.T) {
	t.Parallel()
	type seen struct{ now, before uint64 }
	generation := kube.Revise(func(c *kube.Cluster, before *seen) *seen {
		s := &seen{now: c.Generation}
		if before != nil {
			s.before = before.now
		}
		return s
	})
	b := kube.NewBuilder(kube.Info{})
	views := []*kube.Cluster{b.Build(time.Unix(0, 0))}
	for _, asked := range []struct {
		view int
		want seen
	}{
		{0, seen{1, 0}}, {2, seen{3, 1}}, {2, seen{3, 1}}, {1, seen{2, 1}}, {4, seen{5, 3}},
	} {
		for len(views) <= asked.view {
			views = append(views, b.Build(time.Unix(0, 0)))
		}
		if got := generation.Of(views[asked.view]); *got != asked.want {
			t.Errorf("of view %d: %+v, want %+v", asked.view, *got, asked.want)
		}
	}
	if got := generation.Of(kube.NewBuilder(kube.Info{}).Build(time.Unix(0, 0))); *got != (seen{1, 0}) {
		t.Errorf("of another Builder: %+v", *got)
	}
}
