package running

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var podUnknown = &triage.Detector{
	ID:    "pod-unknown",
	Title: "Nobody knows whether a pod runs",
	About: "The phase is Unknown, the reason NodeLost, or a container ended as ContainerStatusUnknown: the kubelet, or its runtime, lost track of it " +
		"(pkg/kubelet/kubelet_pods.go; pkg/util/node). As a rule its node is what is wrong. A container that was lost and runs again is no concern.",
	Reads: []kube.Resource{kube.Pods},
	Rung:  triage.Dependencies,
	After: time.Minute,
	Check: func(p *triage.Pass) {
		for _, pod := range p.Pods() {
			if pod.Status.Phase == corev1.PodSucceeded || triage.Ending(p.Cluster, pod.Namespace) {
				continue
			}
			lost := pod.Status.Phase == corev1.PodUnknown || pod.Status.Reason == "NodeLost"
			if lost && !pod.Finished() {
				_, since, _ := triage.Condition(pod, corev1.PodReady)
				p.Report(triage.Signal{
					Object: pod.Ref(), Cause: "node-lost", Since: since, Raw: pod.Status.Message,
					Message: "its state is unknown: its node does not report",
				})
				continue
			}
			if pod.Finished() || !pod.Deleted().IsZero() {
				continue
			}
			for c, status := range triage.Containers(pod) {
				if ended := status.Terminated(); ended != nil && ended.Reason == containerLost {
					_, since, _ := triage.Condition(pod, corev1.ContainersReady) // no time is given for the end itself
					p.Report(triage.Signal{
						Object: pod.Ref(), Container: c.Name, Cause: "container-lost", Since: since, Raw: ended.Message,
						Message: "the kubelet cannot find the container that it had started",
					})
				}
			}
		}
	},
}

// containerLost is the reason of a container that the runtime no longer knew
// (pkg/kubelet/container/runtime.go, ContainerReasonStatusUnknown). Its exit code is
// always 137 and says nothing of memory.
const containerLost = "ContainerStatusUnknown"
