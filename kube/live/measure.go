package live

import (
	"sync"
	"sync/atomic"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/meter"
)

// measureEvery is how much later samples have to be before measurements are made of
// them again, by their own times: who looks once has none, and a view is not changed
// for every sample.
const measureEvery = time.Minute

// measuring makes measurements of what the feeds of a Watch read about pods.
type measuring struct {
	builder *kube.Builder
	newest  atomic.Pointer[kube.Cluster] // the view that says which pod belongs to whom

	mu    sync.Mutex // of what follows
	meter *meter.Meter
	until time.Time // of which samples the measurements are
	held  map[types.NamespacedName]*kube.Measurement
}

func newMeasuring(b *kube.Builder) *measuring {
	return &measuring{builder: b, meter: meter.New(kube.ByMetricsServer), held: map[types.NamespacedName]*kube.Measurement{}}
}

// add counts samples that were not there before, and reports whether there are other
// measurements than before. Those of pods that are not in the view yet are lost.
func (m *measuring) add(usages []*kube.Usage) (changed bool, err error) {
	view := m.newest.Load()
	if view == nil || len(usages) == 0 {
		return false, nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var last time.Time
	var samples []meter.Sample
	for _, u := range usages {
		if u.Time.After(last) {
			last = u.Time
		}
		pod, held := view.Pods.Get(u.Namespace, u.Name)
		if !held {
			continue
		}
		if w := view.WorkloadOf(pod); w != nil {
			samples = samplesOf(u, samples[:0])
			m.meter.Add(w.Ref, u.Name, samples)
		}
	}
	switch {
	case m.until.IsZero():
		m.until = last
		return false, nil
	case last.Sub(m.until) < measureEvery:
		return false, nil
	}
	m.until = last
	return m.publish(view)
}

// samplesOf appends what a sample of a pod says of its containers.
func samplesOf(u *kube.Usage, to []meter.Sample) []meter.Sample {
	for container, used := range u.Containers {
		cpu, memory := used[corev1.ResourceCPU], used[corev1.ResourceMemory]
		to = append(to, meter.Sample{Container: container, Time: u.Time, CPU: cpu.MilliValue(), Memory: memory.Value()})
	}
	return to
}

// publish puts the measurements into the next view.
func (m *measuring) publish(view *kube.Cluster) (changed bool, err error) {
	m.meter.Retain(func(of kube.Ref) bool { return view.Workload(of) != nil })
	is := map[types.NamespacedName]*kube.Measurement{}
	for _, made := range m.meter.Measurements() {
		name := nameOf(made)
		is[name] = made
		if m.held[name] == made {
			continue
		}
		if err := m.builder.Set(kube.Measurements, made); err != nil {
			return changed, err
		}
		changed = true
	}
	for name := range m.held {
		if is[name] == nil {
			m.builder.Delete(kube.Measurements, name.Namespace, name.Name)
			changed = true
		}
	}
	m.held = is
	return changed, nil
}
