// Package signals lists the detectors there are. Each of its folders has those of
// one part of a cluster, one file a detector, with its examples.
package signals

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/controlplane"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/nodes"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/running"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/scheduling"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/starting"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/storage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/traffic"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals/workloads"
)

// All returns every detector, from the root of the ladder to the symptoms.
func All() []*triage.Detector {
	return slices.Concat(
		controlplane.Detectors(), nodes.Detectors(), storage.Detectors(), scheduling.Detectors(),
		starting.Detectors(), running.Detectors(), workloads.Detectors(), traffic.Detectors(),
	)
}
