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
// a share of what it declares, as its parameter says.
func within(g gauge) audit.Check {
	return audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		r := g.read(p.Cluster, w)
		switch {
		case !r.declared || p.Cluster.Info.Offline:
			p.NotApplicable()
			return
		case !r.sampled:
			p.Unknown(unmeasured)
			return
		}
		most := float64(p.Number(threshold)) / 100
		for c := range w.Containers() {
			if at := r.worst[c.Name]; at.share > most {
				p.Report(at.finding(g, named(c), c.Name, c.Field("resources."+g.list+field(g.name))))
			}
		}
		if at := r.worst[""]; at.share > most {
			p.Report(at.finding(g, "the pod", "", w.Field("resources."+g.list+field(g.name))))
		}
	})
}

// unmeasured is why use is not known.
const unmeasured = "no usage of its pods has been measured"

func (r reading) finding(g gauge, subject, container, path string) audit.Finding {
	return audit.Finding{
		Container: container,
		Path:      path,
		Message:   fmt.Sprintf("%s uses %.0f%% of its %s", subject, r.share*100, g),
		Detail: fmt.Sprintf("In pod %s, which has the highest share, %s of %s are in use, by %s.",
			r.pod, r.used, r.given, r.sample),
	}
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
		r.worst[container] = reading{u.Name, share, used.String(), declared.String(), sampleOf(u)}
	}
}

// total returns what all containers of a pod use together.
func total(u *kube.Usage, name corev1.ResourceName) (sum resource.Quantity) {
	for _, used := range u.Containers {
		sum.Add(used[name])
	}
	return sum
}
