package capacity_test

import (
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit/capacity"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest/fleet"
)

// BenchmarkCapacity measures what a view of 150,000 pods costs: what rules ask for, and what
// the screen and the report do beside it.
func BenchmarkCapacity(b *testing.B) {
	builder, err := fleet.Of(150_000).Builder()
	if err != nil {
		b.Fatal(err)
	}
	ask := func(name string, derive func(*kube.Cluster)) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				view := builder.Build(fleet.Began())
				view.NamespaceNames() // the view's own index is there before anybody asks
				b.StartTimer()
				derive(view)
			}
		})
	}
	nodes, all := func(c *kube.Cluster) { capacity.NodesOf(c) }, func(c *kube.Cluster) { capacity.Of(c) }
	ask("nodes", nodes)
	ask("all", all)
}
