package workloadhealth

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// shortfall is what a workload lacks of the replicas that it declares.
type shortfall struct {
	have, want int32
	what       string       // "available", "ready"
	since      *metav1.Time // what the workload itself says; nil if it does not
	implied    string       // the rule that reports the cause, "" if it is not known
	grace      int          // in minutes
}

// report reports a shortfall that has lasted. How long is told by the workload or
// by those of its pods that are not ready: no count bears a time. Where pods are
// missing and nothing says since when, they may be about to be created.
func (s *shortfall) report(p *audit.Pass, w *kube.Workload) {
	since, example, alike := waitingSince(p.Cluster, w)
	if s.since != nil && (since == nil || s.since.Before(since)) {
		since = s.since
	}
	refused := refusal(p.Cluster, w.Ref)
	if refused != nil && since == nil {
		first, _ := kube.EventTimes(refused)
		since = &first
	}
	if since == nil || !p.Cluster.Lasted(*since, s.grace) {
		return
	}
	f := audit.Finding{
		Path:    "spec.replicas",
		Message: fmt.Sprintf("%d of %d replicas are %s", s.have, s.want, s.what),
		Detail:  fmt.Sprintf("Replicas are missing since %s.", kube.Moment(*since)),
		Implied: s.implied,
	}
	if example != nil {
		f.Detail += fmt.Sprintf(" Pod %s is one that is not ready.", example.Name)
	}
	if refused != nil {
		f.Detail += " The controller says: " + quote(refused.Message)
	}
	if f.Implied == "" {
		f.Implied = alike
	}
	p.Report(f)
}

// waitingSince returns since when the first of a workload's pods that are not
// ready has not been so, nil if all are, that pod, and the rule that reports the
// cause if it is the same for all of them.
func waitingSince(c *kube.Cluster, w *kube.Workload) (since *metav1.Time, first *kube.Pod, cause string) {
	for _, pod := range c.PodsOf(w) {
		if pod.Status.Ready || pod.Finished() || !pod.Deleted().IsZero() || pod.Status.Phase == "" {
			continue
		}
		began := unreadyPodSince(pod)
		theirs := causeOf(pod)
		if first == nil {
			cause = theirs
		} else if cause != theirs {
			cause = ""
		}
		if since == nil || began.Before(since) {
			since, first = &began, pod
		}
	}
	return since, first, cause
}

// causeOf returns the rule that reports why a pod is not ready, "" if it is not
// known.
func causeOf(pod *kube.Pod) string {
	switch {
	case startFailsIn(pod):
		return containerWaiting.ID
	case waitsForNode(pod):
		return podUnschedulable.ID
	}
	return ""
}

// unreadyPodSince returns since when a pod that is not ready has not been so.
func unreadyPodSince(pod *kube.Pod) metav1.Time {
	if said, since, known := condition(pod, corev1.PodReady); known && said.Status != corev1.ConditionTrue && !since.IsZero() {
		return since
	}
	return metav1.Time{Time: pod.Created()}
}

// minutes returns a number of seconds as minutes, rounded up.
func minutes(seconds int32) int { return (int(seconds) + 59) / 60 }
