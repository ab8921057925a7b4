// Package nodes has the detectors of nodes that do not work, or not as they
// should: what their kubelets report, and what is known where they report nothing.
//
// Nodes are looked at as a whole, because how bad a silent node is depends on how
// many are silent. A node that somebody takes away on purpose is a note
// ([triage.Maintained]): the alerts of kubernetes-mixin leave out nodes that are
// cordoned for the same reason.
package nodes

import "github.com/seaworthy-dev/seaworthy/audit/triage"

// Detectors returns the detectors of this package.
func Detectors() []*triage.Detector {
	return []*triage.Detector{
		nodeNotReady, nodeSilent, nodeLeaseStale, nodeClock, nodePressure, nodeProblem, nodeCordoned, nodeEvicting, nodeRebooted, nodeSkew, zoneDown,
	}
}
