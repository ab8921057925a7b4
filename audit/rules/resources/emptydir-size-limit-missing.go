package resources

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var emptydirSizeLimitMissing = &audit.Rule{
	ID:       "emptydir-size-limit-missing",
	Title:    "Nothing bounds an emptyDir volume",
	Severity: audit.Low,
	Rationale: "The volume can grow until the node's disk is full, or its memory for medium Memory, " +
		"and the kubelet then evicts other pods of the node as well.",
	Remediation: "Set emptyDir.sizeLimit to what the volume holds at its fullest, with some room. " +
		"A limit for ephemeral-storage of the containers (for medium Memory, a memory limit of each of them) bounds it, too.",
	Since:    "1",
	Subjects: kube.WorkloadResources(),
	Reads:    []kube.Resource{kube.LimitRanges},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		applies := false
		for i := range w.Pod.Spec.Volumes {
			volume := &w.Pod.Spec.Volumes[i]
			if volume.EmptyDir == nil {
				continue
			}
			applies = true
			if size := volume.EmptyDir.SizeLimit; size != nil && !size.IsZero() || boundedByPod(p.Cluster, w, volume) {
				continue
			}
			p.Report(audit.Finding{
				Path:    w.Field(fmt.Sprintf("volumes[%d].emptyDir.sizeLimit", i)),
				Message: fmt.Sprintf("emptyDir %s has no sizeLimit", volume.Name),
				Detail:  unboundedDetail(volume),
			})
		}
		if !applies {
			p.NotApplicable()
		}
	}),
}

// boundedByPod reports whether the pod's own limits bound an emptyDir. On disk,
// the kubelet evicts a pod that exceeds the sum of its ephemeral-storage limits,
// volumes included. In memory, the volume is no larger than the pod's memory
// limit, which exists only if every container has one (KEP-1967).
func boundedByPod(c *kube.Cluster, w *kube.Workload, volume *corev1.Volume) bool {
	if volume.EmptyDir.Medium == corev1.StorageMediumDefault {
		return given(podLimits(c, w), corev1.ResourceEphemeralStorage)
	}
	if given(w.PodRequirements().Limits, corev1.ResourceMemory) {
		return true
	}
	for container := range w.Containers() {
		if container.Kind != kube.Ephemeral && !given(c.Requirements(w, container).Limits, corev1.ResourceMemory) {
			return false
		}
	}
	return true
}

func unboundedDetail(volume *corev1.Volume) string {
	if volume.EmptyDir.Medium == corev1.StorageMediumDefault {
		return "It is on the node's disk, and no container of the pod has a limit for ephemeral-storage."
	}
	return fmt.Sprintf("Its medium is %s, and not every container of the pod has a memory limit.", volume.EmptyDir.Medium)
}
