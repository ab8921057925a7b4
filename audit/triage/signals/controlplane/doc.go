// Package controlplane has the detectors of what everything else depends on: what
// the API server asks before it admits an object, what it serves through others,
// who may create what, what deletes namespaces, who brings manifests to the
// cluster, and the certificates of all of them.
package controlplane

import "github.com/seaworthy-dev/seaworthy/audit/triage"

// Detectors returns the detectors of this package.
func Detectors() []*triage.Detector {
	return []*triage.Detector{quotaFull, webhookDown, apiserviceDown, crdBad, nsStuck, leaderStale, certExpiring, csrPending, gitopsFailed}
}
