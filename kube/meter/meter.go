package meter

import (
	"cmp"
	"hash/maphash"
	"slices"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// mostPods is how many pods of a workload are told apart. Those of a CronJob come
// without end; a measurement says at most so many.
const mostPods = 1 << 12

// percentile is that of CPU in a measurement.
const percentile = 0.95

// Sample is what one container of a pod used over some seconds.
type Sample struct {
	Container string
	Time      time.Time
	CPU       int64 // in thousandths of a core
	Memory    int64 // working set in bytes
}

// Meter keeps what workloads were seen to use. It may be used by several goroutines
// at once.
type Meter struct {
	by   string
	seed maphash.Seed

	mu        sync.Mutex
	workloads map[kube.Ref]*workload
}

// workload is what was seen of all pods of one workload.
type workload struct {
	pods       map[uint64]struct{} // by a digest of their names
	containers []series            // few, in the order in which they were seen
	made       *kube.Measurement   // the newest; nil if something came after
}

// series is what was seen of one container.
type series struct {
	container   string
	cpu         Histogram
	memory      int64 // the highest, in bytes
	first, last int64 // in Unix milliseconds
}

// New returns an empty Meter. By says who measures, as [kube.Measurement] has it.
func New(by string) *Meter {
	return &Meter{by: by, seed: maphash.MakeSeed(), workloads: map[kube.Ref]*workload{}}
}

// Add counts the samples of a pod, whose workload is known. The caller gives each
// sample once.
func (m *Meter) Add(of kube.Ref, pod string, samples []Sample) {
	if len(samples) == 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	w := m.workloads[of]
	if w == nil {
		w = &workload{pods: map[uint64]struct{}{}}
		m.workloads[of] = w
	}
	w.made = nil
	if len(w.pods) < mostPods {
		w.pods[maphash.String(m.seed, pod)] = struct{}{}
	}
	for i := range samples {
		w.series(samples[i].Container).add(&samples[i])
	}
}

func (w *workload) series(container string) *series {
	i := slices.IndexFunc(w.containers, func(s series) bool { return s.container == container })
	if i < 0 {
		i = len(w.containers)
		w.containers = append(w.containers, series{container: container})
	}
	return &w.containers[i]
}

func (s *series) add(sample *Sample) {
	at := sample.Time.UnixMilli()
	if s.cpu.Total() == 0 {
		s.first, s.last = at, at
	}
	s.first, s.last = min(s.first, at), max(s.last, at)
	s.memory = max(s.memory, sample.Memory)
	s.cpu.Add(float64(sample.CPU))
}

// Retain forgets the workloads that are not kept.
func (m *Meter) Retain(kept func(kube.Ref) bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for of := range m.workloads {
		if !kept(of) {
			delete(m.workloads, of)
		}
	}
}

// Measurements returns what was measured, ordered by workload. Of a workload of which
// nothing came since, it is the same value as before. Nobody may change them.
func (m *Meter) Measurements() []*kube.Measurement {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := make([]*kube.Measurement, 0, len(m.workloads))
	for of, w := range m.workloads {
		if w.made == nil {
			w.made = kube.NewMeasurement(m.by, of, w.figures())
		}
		all = append(all, w.made)
	}
	slices.SortFunc(all, func(a, b *kube.Measurement) int { return kube.CompareRefs(a.Of(), b.Of()) })
	return all
}

// figures returns those of each container, by name.
func (w *workload) figures() []kube.Figures {
	all := make([]kube.Figures, 0, len(w.containers))
	for i := range w.containers {
		s := &w.containers[i]
		all = append(all, kube.Figures{
			Container: s.container, Samples: int(s.cpu.Total()), Pods: len(w.pods),
			Window: metav1.Duration{Duration: time.Duration(s.last-s.first) * time.Millisecond},
			CPU:    resource.NewMilliQuantity(roundedUp(s.cpu.Percentile(percentile)), resource.DecimalSI),
			Memory: resource.NewQuantity(s.memory, resource.BinarySI),
		})
	}
	slices.SortFunc(all, func(a, b kube.Figures) int { return cmp.Compare(a.Container, b.Container) })
	return all
}

// roundedUp returns the next whole number; buckets end between two.
func roundedUp(amount float64) int64 {
	whole := int64(amount)
	if float64(whole) < amount {
		whole++
	}
	return whole
}
