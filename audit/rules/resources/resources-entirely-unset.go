package resources

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var resourcesEntirelyUnset = &audit.Rule{
	ID:       "resources-entirely-unset",
	Title:    "A container declares no resources at all",
	Severity: audit.Medium,
	Rationale: "Nobody said what the container needs, so it is placed blindly, bounded by nothing, and, " +
		"if its pod has no other container (quality of service BestEffort), the first to be evicted when the node runs short.",
	Remediation: "Start with requests for CPU and memory and a limit for memory, measured over a busy day " +
		"(`kubectl top pod --containers`, a metrics history, or a VerticalPodAutoscaler in mode Off). " +
		"Until then, a LimitRange of the namespace can fill in modest defaults.",
	Since:    "1",
	Subjects: kube.WorkloadResources(),
	Reads:    []kube.Resource{kube.LimitRanges},
	Consults: []kube.Resource{kube.Measurements, kube.VerticalPodAutoscalers},
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.Pods},
		Except:    "!(" + withoutAny(whole, corev1.ResourceCPU, corev1.ResourceMemory) + ")",
		Among:     "declared",
		Container: withoutAny(own, corev1.ResourceCPU, corev1.ResourceMemory),
	},
	Check: eachContainer(func(p *audit.Pass, w *kube.Workload, c kube.Container) {
		if !nothing(c.Resources, w) || !nothing(p.Cluster.Requirements(w, c), w) {
			return
		}
		f := audit.Finding{
			Container: c.Name,
			Path:      c.Field("resources"),
			Message:   named(c) + " declares neither requests nor limits",
			Detail: "There is no request and no limit for CPU or memory, of the container or of its pod, " +
				"and no LimitRange of the namespace fills one in.",
			// What is missing is charged one by one: a container must not
			// lose points by declaring the first of its resources.
			Implied: memoryRequestMissing.ID,
		}
		f.Fixes, f.Placeholder = propose(p.Cluster, w, c,
			asked{requests, corev1.ResourceCPU}, asked{requests, corev1.ResourceMemory}, asked{limits, corev1.ResourceMemory})
		p.Report(f)
	}),
}
