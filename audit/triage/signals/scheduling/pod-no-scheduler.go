package scheduling

import (
	"cmp"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// severalUnseen is how many pods nobody looked at mean that the scheduler is down.
const severalUnseen = 3

var podNoScheduler = &triage.Detector{
	ID:    "pod-no-scheduler",
	Title: "No scheduler has looked at a pod",
	About: "The pod has neither a node nor the condition PodScheduled, which a scheduler sets with its first attempt, and the API server with the binding (pkg/scheduler/schedule_one.go; pkg/registry/core/pod/storage, BindingREST). " +
		"One pod may wait for its turn in a busy scheduler; of three in a namespace the scheduler is likely down, or not there: a pod may name another in spec.schedulerName. " +
		"Pods with scheduling gates have the condition. One whose volume is to be made first has not: the scheduler has chosen its node, which stands in status.nominatedNodeName (KEP-5278) and at its claim, and waits up to ten minutes.",
	Reads: []kube.Resource{kube.Pods},
	Helps: []kube.Resource{kube.PersistentVolumeClaims},
	Rung:  triage.ControlPlane,
	After: time.Minute,
	Paged: mixinNotReady,
	Check: func(p *triage.Pass) {
		var unseen []*kube.Pod
		byScheduler := map[string]int{}
		for _, pod := range p.Living() {
			_, _, known := triage.Condition(pod, corev1.PodScheduled)
			if pod.Node == "" && !known && pod.Status.Phase == corev1.PodPending && !chosen(p.Cluster, pod) {
				unseen = append(unseen, pod)
				byScheduler[schedulerOf(pod)]++
			}
		}
		for _, pod := range unseen {
			s := triage.Signal{
				Object: pod.Ref(), Since: pod.Created(), Severity: triage.S2,
				Cause: "not-looked-at", Message: "the scheduler has not looked at it",
			}
			name := schedulerOf(pod)
			if name != corev1.DefaultSchedulerName {
				s.Cause, s.Message = "other-scheduler", "scheduler "+name+" has not looked at it"
			} else if byScheduler[name] >= severalUnseen {
				s.Severity = triage.S1
			}
			p.Report(s)
		}
	},
}

// chosen reports whether the scheduler has chosen a node for a pod and waits for its
// volumes (pkg/scheduler/framework/plugins/volumebinding, which annotates the claims).
func chosen(c *kube.Cluster, pod *kube.Pod) bool {
	if pod.Status.NominatedNode != "" {
		return true
	}
	return slices.ContainsFunc(pod.Spec.Volumes, func(v corev1.Volume) bool {
		if v.PersistentVolumeClaim == nil {
			return false
		}
		claim, ok := c.PersistentVolumeClaims.Get(pod.Namespace, v.PersistentVolumeClaim.ClaimName)
		return ok && claim.Status.Phase == corev1.ClaimPending && claim.Annotations["volume.kubernetes.io/selected-node"] != ""
	})
}

func schedulerOf(pod *kube.Pod) string {
	return cmp.Or(pod.Spec.SchedulerName, corev1.DefaultSchedulerName)
}
