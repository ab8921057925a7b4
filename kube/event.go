package kube

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// EventTimes returns when what an Event tells of first and last happened. Old and new
// ways of recording fill in different fields (KEP-383): the old one firstTimestamp and
// lastTimestamp, the new one eventTime and series. An Event without any is as old as its
// object.
func EventTimes(e *corev1.Event) (first, last metav1.Time) {
	times := [...]metav1.Time{e.FirstTimestamp, e.LastTimestamp, {Time: e.EventTime.Time}, {}}
	if e.Series != nil {
		times[3] = metav1.Time{Time: e.Series.LastObservedTime.Time}
	}
	for i := range times {
		at := times[i]
		if at.IsZero() {
			continue
		}
		if first.IsZero() || at.Before(&first) {
			first = at
		}
		if last.Before(&at) {
			last = at
		}
	}
	if last.IsZero() {
		return e.CreationTimestamp, e.CreationTimestamp
	}
	return first, last
}

// EventCount returns how often it happened between the two times, at least 1.
func EventCount(e *corev1.Event) int {
	count := max(1, e.Count)
	if e.Series != nil {
		count = max(count, e.Series.Count)
	}
	return int(count)
}

// EventTells reports whether an Event is of those by which it is told what went wrong and
// what was done: warnings, and what is recorded as normal when pods are killed, preempted
// or evicted, workloads scaled, nodes come and go, leaders change. All others say that
// something went its way; of too many Events, those are forgotten first.
func EventTells(e *corev1.Event) bool {
	return e.Type != corev1.EventTypeNormal || slices.Contains(telling, e.Reason)
}

// telling are reasons of normal Events: of the kubelet, the scheduler, the controllers of
// workloads, of nodes and of taints, of leader election, and of the cluster autoscaler.
var telling = []string{
	"Killing", "Pulling", "Preempted", "Evicted", "TaintManagerEviction", "ScalingReplicaSet", "SuccessfulRescale",
	"NodeNotReady", "Rebooted", "Starting", "RegisteredNode", "RemovingNode", "SystemOOM", "LeaderElection",
	"TriggeredScaleUp", "NotTriggerScaleUp",
}
