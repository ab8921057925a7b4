package resources

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var ephemeralStorageUnset = &audit.Rule{
	ID:       "ephemeral-storage-unset",
	Title:    "A container's use of the node's disk is not declared",
	Severity: audit.Low,
	Rationale: "Logs, emptyDir volumes and the writable layer share the node's disk. " +
		"A container that fills it makes the kubelet evict pods, those that declared nothing among the first.",
	Remediation: "Set resources.requests and resources.limits for ephemeral-storage, from what the kubelet's stats " +
		"(ephemeral-storage of a pod, /stats/summary) show after a few days of running.",
	Since:    "1",
	Subjects: kube.WorkloadResources(),
	Reads:    []kube.Resource{kube.LimitRanges},
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.Pods},
		Among:     "declared",
		Container: withoutAny(own, corev1.ResourceEphemeralStorage),
	},
	Check: eachContainer(func(p *audit.Pass, w *kube.Workload, c kube.Container) {
		has := p.Cluster.Requirements(w, c)
		if given(has.Requests, corev1.ResourceEphemeralStorage) || given(has.Limits, corev1.ResourceEphemeralStorage) {
			return
		}
		p.Report(audit.Finding{
			Container: c.Name,
			Path:      c.Field("resources.requests" + field(corev1.ResourceEphemeralStorage)),
			Message:   named(c) + " declares no ephemeral-storage",
			Detail:    "It has neither a request nor a limit for ephemeral-storage, and no LimitRange of the namespace fills one in.",
		})
	}),
}
