package triage

import (
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// The waits of a kubelet between two starts of a container, unless its configuration
// says otherwise (pkg/kubelet/kubelet.go, initialCrashLoopBackOff and
// MaxCrashLoopBackOff; KEP-4603).
const (
	firstWait   = 10 * time.Second
	longestWait = 5 * time.Minute
)

// CrashingSince returns since when a container ends again and again: what the event
// BackOff of the pod says, or else as many restarts before its last end as it had,
// with the kubelet's waits, if it always ran for as long. Estimated says that it is
// so worked out. It is the zero time if nothing is known of its last end.
func CrashingSince(pod *kube.Pod, status *kube.ContainerStatus, ended *corev1.ContainerStateTerminated, events []*corev1.Event) (since time.Time, estimated bool) {
	e := Latest(events, func(e *corev1.Event) bool {
		return ContainerOf(e) == status.Name && strings.HasPrefix(e.Message, "Back-off restarting failed container")
	}, "BackOff")
	if e != nil {
		return Began(e), false
	}
	if ended == nil || ended.FinishedAt.IsZero() {
		return time.Time{}, false
	}
	run := time.Duration(0)
	// containerd gives the epoch as the start of what it could not start.
	if ended.StartedAt.Unix() > 0 {
		run = max(ended.FinishedAt.Sub(ended.StartedAt.Time), 0)
	}
	since = ended.FinishedAt.Add(-loopLength(status.Restarts, run))
	if placed := Placed(pod); since.Before(placed) {
		return placed, true
	}
	return since, true
}

// loopLength is how long it took to restart a container so often, if it always ran
// for as long: the first time at once, then after ten seconds, and twice as long
// each time up to five minutes.
func loopLength(restarts int32, run time.Duration) time.Duration {
	total := time.Duration(restarts) * run
	wait := firstWait
	for i := int32(1); i < restarts; i++ {
		if wait == longestWait {
			return total + time.Duration(restarts-i)*wait
		}
		total += wait
		wait = min(2*wait, longestWait)
	}
	return total
}
