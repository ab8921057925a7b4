package capacity

import (
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Outdated is after how many minutes a sample says nothing of the moment any more.
const Outdated = 10

// Use is what was seen to be used.
type Use struct {
	Amount
	// Sampled and Measured are of how many pods it is known by one sample of the metrics
	// API, which is an instant, and by what was measured over an hour or more
	// ([kube.Figures]: 95 % of the time no more CPU, never more memory). Unknown is of how
	// many pods that run it is not known.
	Sampled, Measured, Unknown int
	// Waste is what those pods request and do not use, pod by pod: what one lacks does not
	// make good what another has too much of.
	Waste Amount
}

// Known reports whether the use of any pod is known, or none runs.
func (u *Use) Known() bool { return u.Sampled+u.Measured > 0 || u.Unknown == 0 }

func (u *Use) add(v Use) {
	u.Amount, u.Waste = u.Plus(v.Amount), u.Waste.Plus(v.Waste)
	u.Sampled, u.Measured, u.Unknown = u.Sampled+v.Sampled, u.Measured+v.Measured, u.Unknown+v.Unknown
}

// meter says what pods use.
type meter struct {
	c        *kube.Cluster
	measured map[measuredPod]*Amount // what a pod of a workload uses; nil if that was not measured
}

type measuredPod struct {
	of   *kube.Workload
	spec any
}

// of returns the use of one pod that requests some amount; zero if it does not run.
func (m *meter) of(p *kube.Pod, requests Amount) Use {
	if !running(p) {
		return Use{}
	}
	if used := m.over(p); used != nil {
		return Use{Amount: *used, Measured: 1, Waste: requests.Over(*used)}
	}
	sample, known := m.c.PodUsage.Get(p.Namespace, p.Name)
	if !known || m.c.Lasted(metav1.Time{Time: sample.Time}, Outdated) {
		return Use{Unknown: 1}
	}
	var used Amount
	for _, list := range sample.Containers {
		used = used.Plus(AmountOf(list))
	}
	return Use{Amount: used, Sampled: 1, Waste: requests.Over(used)}
}

// running reports whether containers of a pod run.
func running(p *kube.Pod) bool { return p.Status.PodSaid != nil && p.Status.Phase == "Running" }

// over returns what a pod uses by what was measured of its workload over some time, nil
// unless all its containers that go on running were.
func (m *meter) over(p *kube.Pod) *Amount {
	if m.c.Measurements.Len() == 0 {
		return nil
	}
	w := m.c.WorkloadOf(p)
	if w == nil {
		return nil
	}
	key := measuredPod{w, p.Spec}
	used, asked := m.measured[key]
	if !asked {
		used = measuredOf(m.c, w, p)
		m.measured[key] = used
	}
	return used
}

func measuredOf(c *kube.Cluster, w *kube.Workload, p *kube.Pod) *Amount {
	sum, any := Amount{}, false
	for container := range kube.ContainersOf(p.Spec, "") {
		if !container.LongRunning() {
			continue
		}
		figures, known := c.Measured(w.Ref, container.Name)
		if !known || !figures.Some() || figures.CPU == nil || figures.Memory == nil {
			return nil
		}
		sum, any = sum.Plus(Amount{figures.CPU.MilliValue(), figures.Memory.Value()}), true
	}
	if !any {
		return nil
	}
	return &sum
}

// Sample is what a node used in one sample of the metrics API, system and all.
type Sample struct {
	Amount
	At time.Time
}

// SampleOf returns the newest sample of a node; nil where there is none, or an old one.
func SampleOf(c *kube.Cluster, node string) *Sample {
	sample, known := c.NodeUsage.Get("", node)
	if !known || c.Lasted(metav1.Time{Time: sample.Time}, Outdated) {
		return nil
	}
	used, has := sample.Containers[""]
	if !has {
		return nil
	}
	return &Sample{AmountOf(used), sample.Time}
}
