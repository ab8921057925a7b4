package running

import (
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var podTerminatingStuck = &triage.Detector{
	ID:    "pod-terminating-stuck",
	Title: "A pod does not go away",
	About: "The pod should be gone since its deletionTimestamp, which has the grace period in it (apimachinery, metav1.ObjectMeta). Either its node does not report or is gone, so that nobody can confirm the end, " +
		"or the kubelet cannot stop a container or clean up, or somebody's finalizer holds it when all containers have ended. A StatefulSet creates no other of the name before it is gone. " +
		"While its node is being drained it has five minutes.",
	Reads: []kube.Resource{kube.Pods},
	Helps: []kube.Resource{kube.Events, kube.Nodes},
	Rung:  triage.Dependencies,
	After: time.Minute,
	Check: func(p *triage.Pass) {
		for _, pod := range p.Pods() {
			deleted := pod.Deleted()
			if deleted.IsZero() {
				continue
			}
			s := triage.Signal{Object: pod.Ref(), Since: deleted, Severity: triage.S3}
			if pod.Owner.Kind == kube.StatefulSets.Kind {
				s.Severity = triage.S2
			}
			if n, ok := p.Cluster.Nodes.Get("", pod.Node); ok {
				if _, maintained := triage.Maintained(n); maintained {
					s.After = 5 * time.Minute
				}
			}
			s.Cause, s.Message = whyStuck(p, pod)
			if e := triage.Latest(p.PodEvents(pod), nil, "FailedKillPod", "FailedPreStopHook"); e != nil {
				s.Raw = e.Message
			}
			p.Report(s)
		}
	},
}

// whyStuck returns why a pod is still there.
func whyStuck(p *triage.Pass, pod *kube.Pod) (cause, line string) {
	if pod.Node == "" {
		return "finalizer", "was never started and is still there: something holds it, as a finalizer does"
	}
	_, blind := p.Cluster.Blind(kube.Nodes, "")
	switch n, ok := p.Cluster.Nodes.Get("", pod.Node); {
	case !ok && !blind:
		return "node-gone", fmt.Sprintf("is still there: its node %s is not", pod.Node)
	case ok && silent(n):
		return "node-silent", fmt.Sprintf("is still there: nobody can tell whether it ended, its node %s does not report", pod.Node)
	}
	if e := triage.Latest(p.PodEvents(pod), nil, "FailedKillPod", "FailedPreStopHook"); e != nil {
		if e.Reason == "FailedPreStopHook" {
			return "pre-stop", "is still there: its preStop hook failed"
		}
		return "kill-failed", "is still there: the kubelet cannot stop it"
	}
	for _, status := range triage.Containers(pod) {
		if _, runs := status.Running(); runs {
			return "running", "is still there: container " + status.Name + " runs on after its grace period"
		}
	}
	return "finalizer", "is still there although its containers have ended: something holds it, as a finalizer does"
}

// silent reports whether a node stopped reporting.
func silent(n *corev1.Node) bool {
	for i := range n.Status.Conditions {
		if c := &n.Status.Conditions[i]; c.Type == corev1.NodeReady {
			return c.Status == corev1.ConditionUnknown
		}
	}
	return false
}
