package briefing_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage/briefing"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest/fleet"
)

// BenchmarkUpdate is what a view costs in which some pods changed: one, and as many
// as come in a tenth of a second where there are 2,000 events a second. The view
// itself is not part of it.
func BenchmarkUpdate(b *testing.B) {
	for _, size := range []int{30_000, 150_000} {
		for _, changed := range []int{1, 200} {
			b.Run(fmt.Sprintf("pods=%d/changed=%d", size, changed), func(b *testing.B) {
				f := fleet.Of(size)
				builder, err := f.Builder()
				if err != nil {
					b.Fatal(err)
				}
				r := briefing.NewResponder(signals.All())
				now := fleet.Began().Add(time.Hour)
				first := r.Update(builder.Build(now), now)
				n := 0
				for b.Loop() {
					b.StopTimer()
					for range changed {
						n++
						if err := builder.Set(kube.Pods, f.Change(n)); err != nil {
							b.Fatal(err)
						}
					}
					now = now.Add(100 * time.Millisecond)
					c := builder.Build(now)
					b.StartTimer()
					r.Update(c, now)
				}
				b.ReportMetric(float64(first.Signals), "signals")
				b.ReportMetric(float64(len(first.Incidents)), "incidents")
			})
		}
	}
}
