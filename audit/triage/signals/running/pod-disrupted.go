package running

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// disruptionWindow is for how long a pod that was taken away explains anything.
const disruptionWindow = time.Hour

var podDisrupted = &triage.Detector{
	ID:    "pod-disrupted",
	Title: "A pod was taken away from its node",
	About: "A drain, a taint, a node that is gone or that shuts down took the pod away: the condition DisruptionTarget, or the reason of a failed pod, says who did it " +
		"(KEP-3329; pkg/kubelet/nodeshutdown, pkg/kubelet/preemption). It is no fault by itself, and explains what follows within the hour. " +
		"What the scheduler preempts and what the kubelet evicts for want of resources are signals of their own.",
	Reads: []kube.Resource{kube.Pods},
	Rung:  triage.Capacity,
	Check: func(p *triage.Pass) {
		for _, pod := range p.Pods() {
			cause, line := disruption(pod)
			if cause == "" {
				continue
			}
			said, since, marked := triage.Condition(pod, corev1.DisruptionTarget)
			if !marked || since.IsZero() {
				since = triage.EndOf(pod)
			}
			raw := pod.Status.Message
			if marked && said.Message != "" {
				raw = said.Message
			}
			p.Report(triage.Signal{
				Object: pod.Ref(), Cause: cause, Message: line, Raw: raw,
				Since: since, Until: since.Add(disruptionWindow), Severity: triage.S4,
			})
		}
	},
}

// disruption returns who took a pod away, "" if nobody did. What the kubelet gives
// as its reason is told apart by the status: the condition has one for all.
func disruption(pod *kube.Pod) (cause, line string) {
	if pod.Status.Phase == corev1.PodFailed {
		switch pod.Status.Reason {
		case "Terminated", "Shutdown": // the latter to 1.21
			return "node-shutdown", "ended because its node shuts down"
		case "Preempting":
			return "critical-pod", "ended by the kubelet to make room for a critical pod"
		}
	}
	said, _, marked := triage.Condition(pod, corev1.DisruptionTarget)
	if !marked || said.Status != corev1.ConditionTrue {
		return "", ""
	}
	switch said.Reason {
	case "DeletionByTaintManager":
		return "taint", "deleted because it does not tolerate a NoExecute taint of its node"
	case "EvictionByEvictionAPI":
		return "eviction-api", "evicted through the API, as by a drain"
	case "DeletionByPodGC":
		return "node-gone", "deleted because its node no longer exists"
	}
	return "", ""
}
