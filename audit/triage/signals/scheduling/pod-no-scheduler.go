package scheduling

import (
	"cmp"
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
		"Pods with scheduling gates have the condition.",
	Reads: []kube.Resource{kube.Pods},
	Rung:  triage.ControlPlane,
	After: time.Minute,
	Paged: mixinNotReady,
	Check: func(p *triage.Pass) {
		var unseen []*kube.Pod
		byScheduler := map[string]int{}
		for _, pod := range p.Living() {
			_, _, known := triage.Condition(pod, corev1.PodScheduled)
			if pod.Node == "" && !known && pod.Status.Phase == corev1.PodPending {
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

func schedulerOf(pod *kube.Pod) string {
	return cmp.Or(pod.Spec.SchedulerName, corev1.DefaultSchedulerName)
}
