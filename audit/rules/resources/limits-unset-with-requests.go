package resources

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var limitsUnsetWithRequests = &audit.Rule{
	ID:       "limits-unset-with-requests",
	Title:    "A container is bounded in nothing",
	Severity: audit.Low,
	Rationale: "The container says what it needs and not what it may take. " +
		"It can use all memory and disk of its node, at the cost of the pods beside it.",
	Remediation: "Set resources.limits.memory, above the most that the container was seen to use, and a limit for ephemeral-storage. " +
		"Whether CPU should be limited as well is a choice of its own.",
	Since:    "2",
	Subjects: kube.WorkloadResources(),
	Reads:    []kube.Resource{kube.LimitRanges},
	Consults: []kube.Resource{kube.Measurements, kube.VerticalPodAutoscalers},
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.Pods},
		Among:     "declared",
		Container: "!(" + withoutAny(own, corev1.ResourceCPU, corev1.ResourceMemory) + " && " + withoutAny(whole, corev1.ResourceCPU, corev1.ResourceMemory) +
			") && ['cpu', 'memory', 'ephemeral-storage'].all(n, " + none(own, limits, "n") + " && " + none(whole, limits, "n") + ")",
	},
	Check: audit.EachContainer(func(p *audit.Pass, w *kube.Workload, c kube.Container) bool {
		has := p.Cluster.Requirements(w, c)
		if c.Kind == kube.Ephemeral || nothing(has, w) {
			return false // resources-entirely-unset has what asks for nothing
		}
		pod := w.PodRequirements()
		for _, name := range [...]corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory, corev1.ResourceEphemeralStorage} {
			if given(has.Limits, name) || given(pod.Limits, name) {
				return true
			}
		}
		f := audit.Finding{
			Container: c.Name,
			Path:      c.Field("resources.limits"),
			Message:   named(c) + " has requests and no limits",
			Detail: "There is no limit for CPU, memory or ephemeral-storage, of the container or of its pod, " +
				"and no LimitRange of the namespace fills one in.",
			Implied: memoryLimitMissing.ID,
		}
		f.Fixes, f.Placeholder = propose(p.Cluster, w, c, asked{limits, corev1.ResourceMemory})
		p.Report(f)
		return true
	}),
}
