// Package starting has the detectors of pods that have a node and do not come up:
// their volumes, their sandbox, their images, their configuration.
//
// What a kubelet waits for stands in the containers' states only in part; for
// volumes and sandboxes it is told by events alone, which are lost at times. So
// pod-creating-stuck is what is left: a pod that is not made, and no event that
// says more. Init containers that run are no problem of those behind them.
package starting

import (
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
)

// Detectors returns the detectors of this package.
func Detectors() []*triage.Detector {
	return []*triage.Detector{
		podCreatingStuck, podMountFailed, podAttachFailed, podVolumeLimit, podSandboxFailed,
		imagePull, configError, createError, initStuck,
	}
}

// mixinWaiting is when KubeContainerWaiting of kubernetes-mixin pages.
const mixinWaiting = time.Hour
