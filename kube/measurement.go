package kube

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Measurements are what workloads were seen to use. No server has them: they are
// made from samples of the metrics API while the program runs, by package meter, or
// of a Prometheus, by package prometheus; and recordings and manifests can carry
// them. They are therefore not among [Resources], which a [Source] reads.
var Measurements = Resource{"seaworthy.dev", "v1", "measurements", "Measurement", "", true, false, 0}

// Who measured, as [Measurement.By] has it.
const (
	ByMetricsServer = "metrics-server"
	ByPrometheus    = "Prometheus"
)

// How much has to be measured before anything is concluded from it. A day has the
// hours at which people work and those at which batches run, so that a window of a
// day shows most rhythms; of less than an hour nothing can be said. The samples
// keep a window from counting in which next to nothing was seen.
const (
	EnoughWindow  = 24 * time.Hour
	EnoughSamples = 240
	LeastWindow   = time.Hour
	LeastSamples  = 60
)

// Measurement is what the containers of a workload were seen to use over some time,
// of all its pods together, as one source measured it.
type Measurement struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`

	Workload   MeasuredWorkload `json:"workload"`
	By         string           `json:"by"` // who measured: [ByPrometheus], [ByMetricsServer]
	Containers []Figures        `json:"containers"`
}

// MeasuredWorkload names a workload in the namespace of its measurement.
type MeasuredWorkload struct {
	Group string `json:"group,omitempty"`
	Kind  string `json:"kind"`
	Name  string `json:"name"`
}

// Of returns the workload that was measured.
func (m *Measurement) Of() Ref {
	return Ref{Group: m.Workload.Group, Kind: m.Workload.Kind, Namespace: m.Namespace, Name: m.Workload.Name}
}

// NewMeasurement returns a measurement of a workload, under the one name that it has.
func NewMeasurement(by string, workload Ref, containers []Figures) *Measurement {
	name := strings.ToLower(strings.Join([]string{workload.Kind, workload.Name, by}, "."))
	of := MeasuredWorkload{workload.Group, workload.Kind, workload.Name}
	m := &Measurement{Workload: of, By: by, Containers: containers}
	m.APIVersion, m.Kind = Measurements.Group+"/"+Measurements.Version, Measurements.Kind
	m.Namespace, m.Name = workload.Namespace, name
	if workload.Group != "" { // two groups may have a kind of the same name
		m.Name = strings.ToLower(workload.Group) + "." + name
	}
	return m
}

// DeepCopyObject returns a copy that shares nothing with m; with it a Measurement is an
// object like those of the API.
func (m *Measurement) DeepCopyObject() runtime.Object {
	copied := *m
	m.DeepCopyInto(&copied.ObjectMeta)
	copied.Containers = slices.Clone(m.Containers)
	for i := range copied.Containers {
		f := &copied.Containers[i]
		for _, q := range [...]**resource.Quantity{&f.CPU, &f.Memory} {
			if *q != nil {
				own := (*q).DeepCopy()
				*q = &own
			}
		}
	}
	return &copied
}

// Figures are what was measured of one container of a workload.
type Figures struct {
	Container string          `json:"container"`
	Samples   int             `json:"samples"` // of all pods
	Pods      int             `json:"pods"`    // that were seen, those that are gone among them
	Window    metav1.Duration `json:"window"`  // from the first sample to the last
	// CPU is the 95th percentile of the use in cores; nil if CPU was not measured.
	CPU *resource.Quantity `json:"cpu95,omitempty"`
	// Memory is the highest working set in bytes; nil if memory was not measured.
	Memory *resource.Quantity `json:"memoryPeak,omitempty"`
	// OOMKills is how often at least a container was killed for lack of memory, 0
	// also where that is not known.
	OOMKills int `json:"oomKills,omitempty"`
}

// Enough reports whether the figures can be relied upon.
func (f *Figures) Enough() bool {
	return f.Window.Duration >= EnoughWindow && f.Samples >= EnoughSamples
}

// Some reports whether the figures say anything at all.
func (f *Figures) Some() bool {
	return f.Window.Duration >= LeastWindow && f.Samples >= LeastSamples
}

// Evidence says in words how much was measured: "1,240 samples of 3 pods over 6 h".
func (f *Figures) Evidence() string {
	pods := "1 pod"
	if f.Pods != 1 {
		pods = grouped(f.Pods) + " pods"
	}
	samples := "1 sample"
	if f.Samples != 1 {
		samples = grouped(f.Samples) + " samples"
	}
	return fmt.Sprintf("%s of %s over %s", samples, pods, roughly(f.Window.Duration))
}

// grouped writes a count with a comma between thousands.
func grouped(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// roughly writes a duration in one unit, rounded down: it never claims more.
func roughly(d time.Duration) string {
	switch {
	case d >= 72*time.Hour:
		return fmt.Sprintf("%d days", d/(24*time.Hour))
	case d >= 2*time.Hour:
		return fmt.Sprintf("%d h", d/time.Hour)
	case d >= 2*time.Minute:
		return fmt.Sprintf("%d min", d/time.Minute)
	}
	return fmt.Sprintf("%d s", d/time.Second)
}

// Measured is what is known of the use of one container: the figures and who has
// measured them.
type Measured struct {
	*Figures
	By string
}

// Evidence says in words how much was measured, and by whom.
func (m Measured) Evidence() string { return m.Figures.Evidence() + " by " + m.By }

// Measured returns what a container of a workload was seen to use; false where
// nobody measured it. Of several sources it is one that has measured enough, else
// the one with the longest window. The caller must not change the figures.
func (c *Cluster) Measured(workload Ref, container string) (Measured, bool) {
	if c.Measurements.Len() == 0 {
		return Measured{}, false
	}
	var best Measured
	for _, m := range measurementsOf.Of(c, workload.Namespace)[workload] {
		for i := range m.Containers {
			f := &m.Containers[i]
			if f.Container == container && (best.Figures == nil || better(f, best.Figures)) {
				best = Measured{f, m.By}
			}
		}
	}
	return best, best.Figures != nil
}

func better(a, b *Figures) bool {
	if a.Enough() != b.Enough() {
		return a.Enough()
	}
	return cmp.Or(cmp.Compare(a.Window.Duration, b.Window.Duration), cmp.Compare(a.Samples, b.Samples)) > 0
}

// measurementsOf has the measurements of each workload of a namespace.
var measurementsOf = DeriveFor(func(c *Cluster, namespace string) map[Ref][]*Measurement {
	all := map[Ref][]*Measurement{}
	for _, m := range c.Measurements.In(namespace) {
		all[m.Of()] = append(all[m.Of()], m)
	}
	for _, of := range all {
		slices.SortStableFunc(of, func(a, b *Measurement) int { return strings.Compare(b.By, a.By) })
	}
	return all
}).From(Measurements)
