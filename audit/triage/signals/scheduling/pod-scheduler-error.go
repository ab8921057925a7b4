package scheduling

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var podSchedulerError = &triage.Detector{
	ID:    "pod-scheduler-error",
	Title: "The scheduler fails on a pod",
	About: "The condition PodScheduled is False with the reason SchedulerError: not that no node does, but that looking for one failed, as when an extender or the API server does not answer " +
		"(pkg/scheduler/schedule_one.go, handleSchedulingFailure). It counts after a minute, because the next attempt may do.",
	Reads: []kube.Resource{kube.Pods},
	Rung:  triage.ControlPlane,
	After: time.Minute,
	Paged: mixinNotReady,
	Check: func(p *triage.Pass) {
		for _, pod := range p.Living() {
			said, since, known := triage.Condition(pod, corev1.PodScheduled)
			if known && said.Status == corev1.ConditionFalse && said.Reason == corev1.PodReasonSchedulerError {
				p.Report(triage.Signal{
					Object: pod.Ref(), Since: since, Severity: triage.S2, Raw: said.Message,
					Message: "the scheduler fails on it",
				})
			}
		}
	},
}

// mixinNotReady is when KubePodNotReady of kubernetes-mixin pages.
const mixinNotReady = 15 * time.Minute
