package incident_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/incident"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/controlplane"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/nodes"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/running"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/scheduling"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/starting"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/storage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/traffic"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/workloads"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest/fleet"
)

// every returns all detectors there are.
func every() []*triage.Detector {
	return slices.Concat(
		controlplane.Detectors(), nodes.Detectors(), running.Detectors(), scheduling.Detectors(), starting.Detectors(),
		storage.Detectors(), traffic.Detectors(), workloads.Detectors(),
	)
}

// BenchmarkEvery is what a view costs in which some pods changed where every detector
// looks and 3.5 % of all pods are in trouble: one pod, and as many as come in a tenth
// of a second where there are 2,000 events a second. The view itself is not part of it.
func BenchmarkEvery(b *testing.B) {
	for _, size := range []int{30_000, 150_000} {
		f := fleet.Of(size)
		builder, err := f.Builder()
		if err != nil {
			b.Fatal(err)
		}
		tracker := incident.NewTracker(every())
		now := fleet.Began().Add(time.Hour)
		first := tracker.Update(builder.Build(now), now)
		n := 0
		for _, changed := range []int{1, 200} {
			b.Run(fmt.Sprintf("pods=%d/changed=%d", size, changed), func(b *testing.B) {
				for b.Loop() {
					b.StopTimer()
					for range changed {
						n++
						// The same pods lose and regain their readiness.
						if err := builder.Set(kube.Pods, f.Change(n%400+n/400*f.Pods())); err != nil {
							b.Fatal(err)
						}
					}
					now = now.Add(100 * time.Millisecond)
					c := builder.Build(now)
					b.StartTimer()
					tracker.Update(c, now)
				}
				b.ReportMetric(float64(first.Signals), "signals")
				b.ReportMetric(float64(len(first.Incidents)), "incidents")
			})
		}
	}
}
