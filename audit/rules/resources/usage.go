package resources

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// gauge measures the use of a resource against what is declared of it.
type gauge struct {
	name corev1.ResourceName
	list string // requests or limits
}

// String returns what the use is measured against: "CPU request".
func (g gauge) String() string { return title(g.name) + " " + g.list[:len(g.list)-1] }

// reading is the use of a resource by one container of one pod, or by a pod as a
// whole where that is what a request or limit is of.
type reading struct {
	pod         string
	share       float64 // of what is declared
	used, given string
	sample      string
	window      string // what it was measured by, "" if it is by one sample
}

// readings are what a gauge shows of a workload.
type readings struct {
	declared bool               // what is measured against
	sampled  bool               // any use of that
	worst    map[string]reading // by container, "" for the pod as a whole
}

// threshold is the parameter of the rules about use, in percent.
const threshold = "percent"

func thresholdOf(g gauge, percent int) []audit.Parameter {
	return []audit.Parameter{{Name: threshold, About: "how much of its " + g.String() + " a container may use, in percent", Value: percent}}
}

// within returns the Check of a rule that holds the use of each container below
// a share of what it declares, as its parameter says: what it was seen to use over
// some time, else what it uses in the last sample.
func within(g gauge) audit.Check {
	return audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		r, over := g.readOver(p.Cluster, w)
		if !over {
			r = g.read(p.Cluster, w)
		}
		switch {
		case !r.declared || p.Cluster.Info.Offline && !over:
			p.NotApplicable()
			return
		case !r.sampled:
			p.Unknown(whyUnmeasured(p.Cluster, w))
			return
		}
		most := float64(p.Number(threshold)) / 100
		for c := range w.Containers() {
			if at := r.worst[c.Name]; at.share > most {
				f := at.finding(g, named(c), c.Name, c.Field("resources."+g.list+field(g.name)))
				f.Fixes = g.fixes(p.Cluster, w, c, most, over)
				p.Report(f)
			}
		}
		if at := r.worst[""]; at.share > most {
			p.Report(at.finding(g, "the pod", "", w.Field("resources."+g.list+field(g.name))))
		}
	})
}

// whyUnmeasured says why use is not known.
func whyUnmeasured(c *kube.Cluster, w *kube.Workload) string {
	if state, blind := c.Blind(kube.PodMetrics, w.Ref.Namespace); blind {
		return fmt.Sprintf("%s: %s", kube.PodMetrics, state.Phase)
	}
	return "no usage of its pods has been measured"
}

// howOften says what is measured of a resource over time.
func howOften(name corev1.ResourceName) string {
	if name == corev1.ResourceCPU {
		return "95 % of the time"
	}
	return "at the most"
}

func (r reading) finding(g gauge, subject, container, path string) audit.Finding {
	f := audit.Finding{
		Container: container,
		Path:      path,
		Message:   fmt.Sprintf("%s uses %.0f%% of its %s", subject, r.share*100, g),
		Detail: fmt.Sprintf("In pod %s, which has the highest share, %s of %s are in use, by %s.",
			r.pod, r.used, r.given, r.sample),
	}
	if r.window != "" {
		f.Detail = fmt.Sprintf("It uses %s of %s %s, by %s.", r.used, r.given, howOften(g.name), r.window)
	}
	return f
}

// readOver compares what the containers of a workload were seen to use with what
// its template declares; false if none was measured for some time that the gauge
// judges, or the pod as a whole declares something.
func (g gauge) readOver(c *kube.Cluster, w *kube.Workload) (readings, bool) {
	r := readings{worst: map[string]reading{}}
	if whole := w.PodRequirements(); given(of(whole, g.list), g.name) {
		return r, false
	}
	for container := range w.Containers() {
		has := c.Requirements(w, container)
		if !container.LongRunning() || !g.judges(has) {
			continue
		}
		r.declared = true
		m, known := c.Measured(w.Ref, container.Name)
		if !known || !m.Some() || amountOf(m, g.name) == nil {
			return r, false
		}
		used, declared := amountOf(m, g.name), of(has, g.list)[g.name]
		r.sampled = true
		r.worst[container.Name] = reading{
			share: used.AsApproximateFloat64() / declared.AsApproximateFloat64(),
			used:  used.String(), given: declared.String(), window: m.Evidence(),
		}
	}
	return r, r.sampled
}

// fixes is the fix that raises a request, or a limit of memory, to what a container
// needs, where that was measured. Whether a limit of CPU is too low, use does not
// tell: it is what the use is held back by.
func (g gauge) fixes(c *kube.Cluster, w *kube.Workload, container kube.Container, most float64, over bool) []audit.Fix {
	if !over || g.name == corev1.ResourceCPU && g.list == limits {
		return nil
	}
	n, known := needOf(c, w, container, g.name)
	if !known {
		return nil
	}
	has := c.Requirements(w, container)
	m, _ := c.Measured(w.Ref, container.Name)
	used := amountOf(m, g.name)
	f, needed, can := n.requestFix(c, w, container)
	if g.list == limits {
		can = true
		if used.AsApproximateFloat64() > most*n.limit.AsApproximateFloat64() {
			n.limit = roundMemory(int64(used.AsApproximateFloat64()/most), 0)
			n.limitBasis = fmt.Sprintf("%s, %.0f %% of it", said(m, g.name), most*100)
		}
		f, needed = n.limitFix(c, w, container)
	}
	if !can {
		return nil
	}
	if limit := has.Limits[g.name]; g.list == requests && needed.Cmp(limit) == 0 {
		return []audit.Fix{f} // there is no more to request
	}
	if used.AsApproximateFloat64() > most*needed.AsApproximateFloat64() {
		return nil // something forbids as much as it takes
	}
	return []audit.Fix{f}
}

// sampleOf says how long a sample took, which matters for CPU.
func sampleOf(u *kube.Usage) string {
	if u.Window == 0 {
		return "one sample"
	}
	return fmt.Sprintf("one sample of %s", u.Window)
}

// read measures every running pod of a workload.
func (g gauge) read(c *kube.Cluster, w *kube.Workload) readings {
	r := readings{worst: map[string]reading{}}
	for _, pod := range c.PodsOf(w) {
		if pod.Status.Phase != corev1.PodRunning {
			continue
		}
		usage, known := c.PodUsage.Get(pod.Namespace, pod.Name)
		for container := range kube.ContainersOf(pod.Spec, w.Pod.Path) {
			if !container.LongRunning() || !g.judges(container.Resources) {
				continue
			}
			r.declared = true
			if !known {
				continue
			}
			if used, measured := usage.Containers[container.Name][g.name]; measured {
				r.note(container.Name, used, of(container.Resources, g.list)[g.name], usage)
			}
		}
		if whole := pod.Spec.Resources; whole != nil && g.judges(*whole) {
			r.declared = true
			if known {
				r.note("", total(usage, g.name), of(*whole, g.list)[g.name], usage)
			}
		}
	}
	return r
}

// judges reports whether there is something to measure against. A request that
// is the limit as well is left to the rule about the limit.
func (g gauge) judges(declared corev1.ResourceRequirements) bool {
	if !given(of(declared, g.list), g.name) {
		return false
	}
	request, limit := declared.Requests[g.name], declared.Limits[g.name]
	return g.list == limits || limit.IsZero() || request.Cmp(limit) < 0
}

func (r *readings) note(container string, used, declared resource.Quantity, u *kube.Usage) {
	r.sampled = true
	share := used.AsApproximateFloat64() / declared.AsApproximateFloat64()
	if share > r.worst[container].share {
		r.worst[container] = reading{pod: u.Name, share: share, used: used.String(), given: declared.String(), sample: sampleOf(u)}
	}
}

// total returns what all containers of a pod use together.
func total(u *kube.Usage, name corev1.ResourceName) (sum resource.Quantity) {
	for _, used := range u.Containers {
		sum.Add(used[name])
	}
	return sum
}
