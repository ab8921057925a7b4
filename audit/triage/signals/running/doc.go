// Package running has the detectors of pods that were started and do not run as
// they should: they crash, are killed, evicted or unready, or do not go away.
//
// How a container ended says package message ([message.Exit]): the reason first,
// the code second. Of each container a status tells no more than its last two
// ends, so that whatever counts over an hour counts over the pods of a workload, or
// rests on events. What restarts is held for ten minutes, which is when the kubelet
// forgets its back-off.
package running

import (
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
)

// Detectors returns the detectors of this package.
func Detectors() []*triage.Detector {
	return []*triage.Detector{
		crashLoop, oomKilled, nodeOOM, podEvicted, podDisrupted,
		probeLiveness, probeStartup, probeReadiness, readinessGate, notReadyNode,
		restartBurst, podTerminatingStuck, podUnknown, resizeStuck,
	}
}

const (
	// restartHold is after how long a run without an end the kubelet forgets how
	// often it restarted a container (twice its longest wait: client-go/util/flowcontrol, Backoff).
	restartHold = 10 * time.Minute
	// mixinNotReady is when KubePodNotReady and KubePodCrashLooping of
	// kubernetes-mixin page.
	mixinNotReady = 15 * time.Minute
	// backOff is the reason of a container that waits to be started again.
	backOff = "CrashLoopBackOff"
)
