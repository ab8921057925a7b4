package running

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var notReadyNode = &triage.Detector{
	ID:    "not-ready-node",
	Title: "A pod is unready because its node is",
	About: "The pod is not ready although all its containers are. That proves that it is the node: when a node stops reporting, the node lifecycle controller takes back the condition Ready " +
		"of its pods and leaves all else as the kubelet wrote it last (pkg/controller/util/node, MarkPodsNotReady). Readiness gates are another signal.",
	Reads: []kube.Resource{kube.Pods},
	Rung:  triage.Dependencies,
	Paged: mixinNotReady,
	Check: func(p *triage.Pass) {
		for _, pod := range p.Living() {
			said, since, known := triage.Condition(pod, corev1.PodReady)
			if !known || said.Status != corev1.ConditionFalse || pod.Node == "" || pod.Status.Phase != corev1.PodRunning {
				continue
			}
			if len(unmet(pod)) > 0 || !containersReady(pod) {
				continue
			}
			p.Report(triage.Signal{
				Object: pod.Ref(), Since: since, Raw: said.Message,
				Message: "is unready with all its containers ready: node " + pod.Node + " does not report",
			})
		}
	},
}

// containersReady reports whether the kubelet said last that every container is
// ready that runs as long as the pod.
func containersReady(pod *kube.Pod) bool {
	n := 0
	for c, status := range triage.Containers(pod) {
		if !c.LongRunning() {
			continue
		}
		if !status.Ready {
			return false
		}
		n++
	}
	return n > 0
}
