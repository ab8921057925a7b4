package prometheus

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// No container has more than this; what says so is mistaken.
const (
	mostCores = 1 << 20
	mostRAM   = 1 << 50
	mostCount = 1 << 40
)

// key names a container of a pod.
type key struct{ namespace, pod, container string }

// sums are what was answered about one container: of one pod, or of all pods of a
// workload. Below zero is what nobody said anything of.
type sums struct {
	cpu, memory    float64 // in cores and bytes
	samples, kills float64
	first, last    float64 // in seconds since 1970
	pods           int
}

func newSums() *sums { return &sums{cpu: -1, memory: -1, first: math.Inf(1), last: math.Inf(-1)} }

func (s *sums) cpuIs(v float64) {
	if v <= mostCores {
		s.cpu = max(s.cpu, v)
	}
}

func (s *sums) memoryIs(v float64) {
	if v <= mostRAM {
		s.memory = max(s.memory, v)
	}
}

func (s *sums) samplesAre(v float64) {
	if v <= mostCount {
		s.samples = max(s.samples, v)
	}
}

func (s *sums) seenAt(v float64) {
	if v <= mostCount {
		s.first, s.last = min(s.first, v), max(s.last, v)
	}
}

// killsAre takes how often a container was killed, which increase() estimates.
func (s *sums) killsAre(v float64) {
	if v <= mostCount {
		s.kills = max(s.kills, math.Ceil(v-0.01))
	}
}

// join takes what another pod of the same workload says.
func (s *sums) join(o *sums) {
	s.cpu, s.memory = max(s.cpu, o.cpu), max(s.memory, o.memory)
	s.samples, s.kills = min(s.samples+o.samples, mostCount), min(s.kills+o.kills, mostCount)
	s.first, s.last = min(s.first, o.first), max(s.last, o.last)
	s.pods++
}

// figures returns what they say of a container; false if that is nothing.
func (s *sums) figures(container string) (kube.Figures, bool) {
	f := kube.Figures{Container: container, Samples: int(s.samples), Pods: s.pods, OOMKills: int(s.kills)}
	if s.last > s.first {
		f.Window = metav1.Duration{Duration: time.Duration(min(s.last-s.first, Window.Seconds()) * float64(time.Second))}
	}
	if s.cpu >= 0 {
		f.CPU = resource.NewMilliQuantity(int64(math.Ceil(s.cpu*1000)), resource.DecimalSI)
	}
	if s.memory >= 0 {
		f.Memory = resource.NewQuantity(int64(math.Ceil(s.memory)), resource.BinarySI)
	}
	return f, f.Samples > 0 && (f.CPU != nil || f.Memory != nil)
}

// Measure asks what the workloads of a view have used until its time, and returns
// their measurements, ordered by workload. The error says what could not be asked;
// beside it are the measurements of what could.
func (c *Client) Measure(ctx context.Context, view *kube.Cluster) ([]*kube.Measurement, error) {
	ctx, cancel := context.WithTimeout(ctx, wholeTime)
	defer cancel()
	defer c.close()
	var all []*kube.Measurement
	for _, namespaces := range parts(view) {
		answers := map[key]*sums{}
		for _, q := range c.queries(namespaces) {
			vector, err := c.ask(ctx, q.text, view.Time)
			if err != nil {
				return all, err
			}
			note(answers, vector, q.take)
		}
		all = append(all, measurements(view, answers, namespaces)...)
	}
	return all, nil
}

// note takes the values of an answer. What names no container and what is no number
// says nothing.
func note(answers map[key]*sums, vector model.Vector, take func(*sums, float64)) {
	for _, sample := range vector {
		of := key{string(sample.Metric["namespace"]), string(sample.Metric["pod"]), string(sample.Metric["container"])}
		value := float64(sample.Value)
		if sample.Histogram != nil || of.namespace == "" || of.pod == "" || of.container == "" || !(value >= 0) {
			continue
		}
		if answers[of] == nil {
			answers[of] = newSums()
		}
		take(answers[of], value)
	}
}

// measurements puts together what was answered about pods of the same workload.
func measurements(view *kube.Cluster, answers map[key]*sums, namespaces []string) []*kube.Measurement {
	workloads := map[kube.Ref]map[string]*sums{}
	for of, s := range answers {
		if _, asked := slices.BinarySearch(namespaces, of.namespace); !asked {
			continue
		}
		workload, ok := ownerOf(view, of.namespace, of.pod)
		if !ok {
			continue
		}
		containers := workloads[workload]
		if containers == nil {
			containers = map[string]*sums{}
			workloads[workload] = containers
		}
		if containers[of.container] == nil {
			containers[of.container] = newSums()
		}
		containers[of.container].join(s)
	}
	all := make([]*kube.Measurement, 0, len(workloads))
	for workload, containers := range workloads {
		var figures []kube.Figures
		for container, s := range containers {
			if f, ok := s.figures(container); ok {
				figures = append(figures, f)
			}
		}
		if len(figures) == 0 {
			continue
		}
		slices.SortFunc(figures, func(a, b kube.Figures) int { return strings.Compare(a.Container, b.Container) })
		all = append(all, kube.NewMeasurement(kube.ByPrometheus, workload, figures))
	}
	slices.SortFunc(all, func(a, b *kube.Measurement) int {
		return cmp.Or(kube.CompareRefs(a.Of(), b.Of()))
	})
	return all
}

// stateOf is what a view says of how the measuring went.
func stateOf(measured []*kube.Measurement, err error) kube.State {
	s := kube.State{Resource: kube.Measurements, Phase: kube.Synced, Count: len(measured)}
	if err != nil {
		s.Phase, s.Reason = kube.Failed, fmt.Sprint(err)
	}
	return s
}
