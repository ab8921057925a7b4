package resources

import (
	"fmt"
	"math"
	"slices"
	"strings"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// What a fix adds to the highest use of memory that was measured, in percent: to a
// request, and to a limit, of which the highest use is then four fifths. More is
// what memory-usage-over-limit-threshold finds.
const (
	overRequest = 15
	overLimit   = 25
)

// Quantities of a fix are rounded up to steps that a person would write.
const (
	cpuStep    = 10      // in thousandths of a core
	memoryStep = 1 << 20 // 1Mi
)

// leastMemory is the least memory that a fix proposes, since the runtime itself needs
// some to start a container.
const leastMemory = 16 << 20

// need is what a container should ask for of a resource, by what is known of its
// use. There is none where too little is known: figures are never made up.
type need struct {
	name           corev1.ResourceName
	request, limit resource.Quantity // rounded; there is no limit for CPU
	// basis says of which use, after the amount and a colon.
	basis, limitBasis string
	notes             []string // what there is to say beside, in sentences
	tentative         string   // as in audit.Fix
	// never is set where what is there contradicts itself, such as a limit below
	// the least that a LimitRange admits: no amount would do.
	never bool
}

// needOf works out what a container needs: by what was measured over a day or more,
// else as a VerticalPodAutoscaler recommends, else by a shorter measurement.
func needOf(c *kube.Cluster, w *kube.Workload, of kube.Container, name corev1.ResourceName) (need, bool) {
	measured, known := c.Measured(w.Ref, of.Name)
	known = known && measured.Some() && amountOf(measured, name) != nil
	if known && measured.Enough() {
		return measuredNeed(c, w, of, measured, name), true
	}
	if r, ok := c.Recommended(w.Ref, of.Name); ok {
		if n, ok := recommendedNeed(r, name); ok {
			return n, true
		}
	}
	if !known {
		return need{}, false
	}
	return measuredNeed(c, w, of, measured, name), true
}

// amountOf returns what was measured of a resource: the 95th percentile of CPU, the
// peak of memory; nil if it was not.
func amountOf(m kube.Measured, name corev1.ResourceName) *resource.Quantity {
	if name == corev1.ResourceCPU {
		return m.CPU
	}
	return m.Memory
}

func measuredNeed(c *kube.Cluster, w *kube.Workload, of kube.Container, m kube.Measured, name corev1.ResourceName) need {
	n := need{name: name}
	if name == corev1.ResourceCPU {
		n.request = roundCPU(m.CPU.MilliValue())
		n.basis = said(m, name)
		n.notes = append(n.notes, "It is rounded up to 10m; for one moment in twenty the container wants more, and has to find it idle on the node.")
	} else {
		use := m.Memory.Value()
		basis := said(m, name)
		if kills, at := killed(c, w, of); max(kills, m.OOMKills) > 0 {
			n.notes = append(n.notes, fmt.Sprintf("The container was killed for lack of memory (%s): what it needs is more than what was seen.", times(max(kills, m.OOMKills))))
			if at.Value() > use {
				use = at.Value()
				basis = fmt.Sprintf("it was killed for lack of memory at %s", at.String())
			}
		}
		n.request, n.limit = roundMemory(use, overRequest), roundMemory(use, overLimit)
		n.basis = fmt.Sprintf("%s, and %d %% more", basis, overRequest)
		n.limitBasis = fmt.Sprintf("%s, and %d %% more", basis, overLimit)
		n.notes = append(n.notes, "It is rounded up to whole Mi.")
		n.atLeast(leastMemory)
	}
	if !m.Enough() {
		n.basis += " (a short window)"
		n.limitBasis += " (a short window)"
		n.tentative = "it rests on a short window, " + m.Evidence()
		n.notes = append(n.notes, fmt.Sprintf("Measured was less than %g h or fewer than %d samples: a peak at another hour is not among them.",
			kube.EnoughWindow.Hours(), kube.EnoughSamples))
	}
	return n
}

// said says in words what was measured of a resource, and by whom.
func said(m kube.Measured, name corev1.ResourceName) string {
	if name == corev1.ResourceCPU {
		return fmt.Sprintf("95 %% of %s stay at or below %s", m.Evidence(), m.CPU.String())
	}
	return fmt.Sprintf("the most in %s is %s", m.Evidence(), inMi(*m.Memory))
}

func times(n int) string {
	if n == 1 {
		return "once at least"
	}
	return fmt.Sprintf("%d times at least", n)
}

// mostDoubt is how many times its target the upper bound of a VerticalPodAutoscaler
// may be that has seen enough. It widens the bound by 1 + 1/days of its history
// (confidenceMultiplier in the recommender's logic), so by two after a day; the rest
// is left for how the use varies.
const mostDoubt = 3

func recommendedNeed(r kube.Recommendation, name corev1.ResourceName) (need, bool) {
	n := need{name: name, basis: "VerticalPodAutoscaler " + r.By.Name + " recommends it"}
	n.notes = append(n.notes, "How much it has seen, a VerticalPodAutoscaler does not say.")
	if !r.Since.IsZero() {
		n.notes = []string{"It has had recommendations since " + r.Since.UTC().Format("2006-01-02 15:04 UTC") + "; how much it has seen, it does not say."}
	}
	target, most := r.CPU, r.MostCPU
	if name == corev1.ResourceMemory {
		target, most = r.Memory, r.MostMemory
	}
	switch {
	case target == nil:
		return need{}, false
	case name == corev1.ResourceCPU:
		n.request = roundCPU(target.MilliValue())
	default:
		n.request, n.limit = roundMemory(target.Value(), 0), roundMemory(target.Value(), overLimit)
		n.limitBasis = fmt.Sprintf("VerticalPodAutoscaler %s recommends to request %s, and %d %% more", r.By.Name, inMi(*target), overLimit)
		if most != nil && most.Cmp(*target) > 0 {
			n.limit = roundMemory(most.Value(), 0)
			n.limitBasis = "it is the upper bound of VerticalPodAutoscaler " + r.By.Name
		}
		n.atLeast(leastMemory)
	}
	if most != nil && most.AsApproximateFloat64() > mostDoubt*target.AsApproximateFloat64() {
		n.tentative = fmt.Sprintf("VerticalPodAutoscaler %s is not sure of it", r.By.Name)
		n.note("Its upper bound is %.3g times its target, as it is after less than a day.", most.AsApproximateFloat64()/target.AsApproximateFloat64())
	}
	return n, true
}

// atLeast raises amounts of memory in which no container could start.
func (n *need) atLeast(bytes int64) {
	for _, q := range [...]*resource.Quantity{&n.request, &n.limit} {
		if q.Value() < bytes {
			*q = *resource.NewQuantity(bytes, resource.BinarySI)
			n.note("Less than %s leaves a runtime too little to start a container.", q.String())
		}
	}
}

// killed returns how many containers of a workload's pods were last ended for lack
// of memory, and the highest limit at which that was; nothing where they had none.
func killed(c *kube.Cluster, w *kube.Workload, of kube.Container) (times int, at resource.Quantity) {
	for _, pod := range c.PodsOf(w) {
		for i := range pod.Status.Containers {
			s := &pod.Status.Containers[i]
			if s.Name != of.Name || !outOfMemory(s.LastTerminated()) && !outOfMemory(s.Terminated()) {
				continue
			}
			times++
			for container := range kube.ContainersOf(pod.Spec, "") {
				if limit := container.Resources.Limits[corev1.ResourceMemory]; container.Name == of.Name && limit.Cmp(at) > 0 {
					at = limit
				}
			}
		}
	}
	return times, at
}

// outOfMemory reports whether a container was ended by the kernel for its memory.
func outOfMemory(t *corev1.ContainerStateTerminated) bool { return t != nil && t.Reason == "OOMKilled" }

// roundCPU rounds thousandths of a core up; a request is one step at least.
func roundCPU(milli int64) resource.Quantity {
	steps := max(1, (milli+cpuStep-1)/cpuStep)
	return *resource.NewMilliQuantity(steps*cpuStep, resource.DecimalSI)
}

// roundMemory adds some percent to bytes and rounds up; what is asked for is one
// step at least.
func roundMemory(bytes, percent int64) resource.Quantity {
	steps := max(1, int64((float64(bytes)*float64(100+percent)/100+memoryStep-1)/memoryStep))
	return *resource.NewQuantity(steps*memoryStep, resource.BinarySI)
}

// inMi writes an amount of memory as people read it, rounded up to whole Mi.
func inMi(q resource.Quantity) string {
	rounded := roundMemory(q.Value(), 0)
	return rounded.String()
}

// bounds holds a need within what the LimitRanges of the namespace admit, and a
// request within the limit that is there. What has to give way is said.
func (n *need) bounds(c *kube.Cluster, w *kube.Workload, has corev1.ResourceRequirements) {
	for _, b := range rangesOf(c, w, n.name) {
		for _, q := range [...]*resource.Quantity{&n.request, &n.limit} {
			switch {
			case q.IsZero():
			case b.least != nil && q.Cmp(*b.least) < 0:
				*q = *b.least
				n.note("%s admits no less than %s.", b.of, b.least)
			case b.most != nil && q.Cmp(*b.most) > 0:
				*q = *b.most
				n.note("%s admits no more than %s, which is less than the container needs.", b.of, b.most)
			}
		}
	}
	if limit := has.Limits[n.name]; !limit.IsZero() && n.request.Cmp(limit) > 0 {
		n.request = limit
		n.never = slices.ContainsFunc(rangesOf(c, w, n.name), func(b bound) bool { return b.least != nil && limit.Cmp(*b.least) < 0 })
		n.note("A request cannot be above the limit of %s, which is less than the container needs.", limit.String())
	}
}

// ratio raises the request where a LimitRange admits no limit that is so many times
// as large.
func (n *need) ratio(c *kube.Cluster, w *kube.Workload, limit resource.Quantity) {
	most, by := rangeRatio(c, w, n.name)
	if by == "" || limit.IsZero() || limit.AsApproximateFloat64() <= most*n.request.AsApproximateFloat64() {
		return
	}
	if n.name == corev1.ResourceCPU {
		n.request = roundCPU(int64(math.Ceil(float64(limit.MilliValue()) / most)))
	} else {
		n.request = roundMemory(int64(math.Ceil(float64(limit.Value())/most)), 0)
	}
	if n.request.Cmp(limit) > 0 {
		n.request = limit
	}
	n.note("%s admits no limit of more than %.3g times the request, which is therefore higher than what was measured.", by, most)
}

// note notes a sentence, once.
func (n *need) note(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(n.notes, text) {
		n.notes = append(n.notes, text)
	}
}

// requestFix is the fix that has a container request what it needs, and how much
// that is; false where no amount can be requested.
func (n need) requestFix(c *kube.Cluster, w *kube.Workload, of kube.Container) (audit.Fix, resource.Quantity, bool) {
	has := c.Requirements(w, of)
	n.notes = slices.Clip(n.notes)
	n.limit = resource.Quantity{} // stays what it is
	n.bounds(c, w, has)
	n.ratio(c, w, has.Limits[n.name])
	for _, h := range c.AutoscalersFor(w.Ref) {
		if scalesBy(h, n.name) {
			n.note("HorizontalPodAutoscaler %s scales by the share of the request that is in use, and will see another share.", h.Name)
		}
	}
	f := audit.SetField(fmt.Sprintf("request %s of %s: %s", n.request.String(), title(n.name), n.basis),
		of.Field("resources."+requests+field(n.name)), n.request.String())
	f.Risk, f.Tentative = strings.Join(n.notes, " "), n.tentative
	return f, n.request, !n.never
}

// scalesBy reports whether an autoscaler scales by the use of a resource in parts of
// what is requested of it.
func scalesBy(h *autoscalingv2.HorizontalPodAutoscaler, name corev1.ResourceName) bool {
	if len(h.Spec.Metrics) == 0 {
		return name == corev1.ResourceCPU // the API's default
	}
	return slices.ContainsFunc(h.Spec.Metrics, func(m autoscalingv2.MetricSpec) bool {
		switch {
		case m.Resource != nil:
			return m.Resource.Name == name && m.Resource.Target.Type == autoscalingv2.UtilizationMetricType
		case m.ContainerResource != nil:
			return m.ContainerResource.Name == name && m.ContainerResource.Target.Type == autoscalingv2.UtilizationMetricType
		}
		return false
	})
}

// limitFix is the fix that limits a container's memory above what it needs, and how
// much that is.
func (n need) limitFix(c *kube.Cluster, w *kube.Workload, of kube.Container) (audit.Fix, resource.Quantity) {
	has := c.Requirements(w, of)
	n.notes = slices.Clip(n.notes)
	declared := of.Resources.Requests[n.name]
	n.request = resource.Quantity{}
	n.bounds(c, w, corev1.ResourceRequirements{})
	if request := has.Requests[n.name]; n.limit.Cmp(request) < 0 {
		n.limit = request
		n.note("A limit cannot be below the request of %s.", request.String())
	}
	f := audit.SetField(fmt.Sprintf("limit memory to %s: %s", n.limit.String(), n.limitBasis),
		of.Field("resources."+limits+field(n.name)), n.limit.String())
	if most, by := rangeRatio(c, w, n.name); by != "" && !declared.IsZero() && n.limit.AsApproximateFloat64() > most*declared.AsApproximateFloat64() {
		n.request = declared
		n.ratio(c, w, n.limit)
		f.Edits = append(f.Edits, audit.Edit{Op: audit.Set, Path: of.Field("resources." + requests + field(n.name)), Value: n.request.String()})
	}
	n.note("A container that goes above its limit is killed.")
	f.Risk, f.Tentative = strings.Join(n.notes, " "), n.tentative
	return f, n.limit
}
