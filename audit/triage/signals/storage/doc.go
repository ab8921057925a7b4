// Package storage has the detectors of claims and volumes: claims that get no
// volume, volumes that are lost, sizes that do not change, volumes that cannot be
// attached.
package storage

import "github.com/seaworthy-dev/seaworthy/audit/triage"

// Detectors returns the detectors of this package.
func Detectors() []*triage.Detector {
	return []*triage.Detector{pvcPending, pvcLost, pvcResize, attachStuck}
}
