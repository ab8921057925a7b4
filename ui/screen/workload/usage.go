package workload

import (
	"fmt"
	"math"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// sample is what a container uses in the pods of a workload, by the newest samples of the
// metrics API.
type sample struct {
	at          time.Time // of the newest
	pods        int       // that were sampled
	cpu, memory spread    // in cores and bytes
}

// spread is the mean and the most of what pods use.
type spread struct{ mean, most float64 }

func (s *spread) add(value float64) { s.mean, s.most = s.mean+value, max(s.most, value) }

// samplesOf puts the samples of pods together, by container.
func samplesOf(c *kube.Cluster, w *kube.Workload, pods []*kube.Pod) map[string]sample {
	samples := map[string]sample{}
	if c.PodUsage.Len() == 0 {
		return samples
	}
	for _, p := range pods {
		usage, ok := c.PodUsage.Get(w.Ref.Namespace, p.Name)
		if !ok {
			continue
		}
		for container, used := range usage.Containers {
			s := samples[container]
			s.pods++
			s.cpu.add(used.Cpu().AsApproximateFloat64())
			s.memory.add(used.Memory().AsApproximateFloat64())
			if usage.Time.After(s.at) {
				s.at = usage.Time
			}
			samples[container] = s
		}
	}
	for container, s := range samples {
		s.cpu.mean /= float64(s.pods)
		s.memory.mean /= float64(s.pods)
		samples[container] = s
	}
	return samples
}

// remembered is how many samples of a container are kept for its trend.
const remembered = 120

// remember adds what is new to the samples before, of a history that nobody else changes.
func remember(history map[string][]sample, samples map[string]sample) map[string][]sample {
	next := make(map[string][]sample, len(samples))
	for container, s := range samples {
		before := history[container]
		if n := len(before); n == 0 || s.at.After(before[n-1].at) {
			before = append(before[max(0, n+1-remembered):n:n], s)
		}
		next[container] = before
	}
	return next
}

// measure is one of the two things that are measured.
type measure struct {
	label    string
	resource corev1.ResourceName
	of       func(sample) spread
	write    func(float64) string
}

func measures() []measure {
	return []measure{
		{"cpu", corev1.ResourceCPU, func(s sample) spread { return s.cpu }, cores},
		{"memory", corev1.ResourceMemory, func(s sample) spread { return s.memory }, screen.Bytes},
	}
}

// load tells what a container uses of one resource, and what it asks for and may have.
func (f *facts) load(c kube.Container, m measure, history []sample) entry {
	bounds := f.in.shown.Cluster.Requirements(f.workload, c)
	request, requested := bounds.Requests[m.resource]
	limit, limited := bounds.Limits[m.resource]
	e := entry{label: m.label, gauged: true, share: math.NaN()}
	declared := "no request"
	if requested {
		declared = "request " + m.write(request.AsApproximateFloat64())
	}
	if limited {
		declared += ", limit " + m.write(limit.AsApproximateFloat64())
	} else {
		declared += ", no limit"
	}
	s, known := f.samples[c.Name]
	if !known {
		return entry{label: m.label, text: declared, tone: faintIf(!requested && !limited)}
	}
	used := m.of(s)
	for _, h := range history {
		e.trend = append(e.trend, m.of(h).mean)
	}
	of, bound := "", 0.0
	switch {
	case limited && !limit.IsZero():
		of, bound = "limit", limit.AsApproximateFloat64()
	case requested && !request.IsZero():
		of, bound = "request", request.AsApproximateFloat64()
	}
	e.text = m.write(used.mean)
	if bound > 0 {
		e.share, e.bounded = used.mean/bound, of == "limit"
		e.text = fmt.Sprintf("%3.0f %% of its %s, %s", 100*e.share, of, m.write(used.mean))
	}
	if s.pods > 1 {
		e.text += fmt.Sprintf(" a pod, at most %s", m.write(used.most))
	}
	e.text += "; " + declared
	return e
}

// measured tells what was measured over a longer time, false if nothing was.
func (f *facts) measured(c kube.Container) (entry, bool) {
	m, known := f.in.shown.Cluster.Measured(f.workload.Ref, c.Name)
	if !known || m.CPU == nil && m.Memory == nil {
		return entry{}, false
	}
	text := ""
	if m.CPU != nil {
		text = "cpu under " + cores(m.CPU.AsApproximateFloat64()) + " 95 % of the time, "
	}
	if m.Memory != nil {
		text += "memory up to " + screen.Bytes(m.Memory.AsApproximateFloat64()) + ", "
	}
	if m.OOMKills > 0 {
		text += fmt.Sprintf("killed for lack of memory %d times, ", m.OOMKills)
	}
	return entry{label: "measured", text: text + "by " + m.Evidence()}, true
}

// cores writes an amount of CPU as the API does: "250m", "2".
func cores(n float64) string {
	return resource.NewMilliQuantity(int64(math.Round(n*1000)), resource.DecimalSI).String()
}
