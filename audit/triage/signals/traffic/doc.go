// Package traffic has the detectors of what stands between users and pods, and of
// what decides how many pods there are: Services, Ingresses, Gateways and routes,
// cluster DNS, autoscalers and disruption budgets.
//
// EndpointSlices have no times. Since when a Service has no endpoints is told by
// the pods that it selects: the moment at which the last of them was no longer
// ready.
package traffic

import "github.com/seaworthy-dev/seaworthy/audit/triage"

// Detectors returns the detectors of this package.
func Detectors() []*triage.Detector {
	return []*triage.Detector{
		hpaBlind, hpaTargetGone, hpaMaxed, pdbBlocking, pdbImpossible,
		svcNoEndpoints, svcPortMismatch, lbPending, ingressBackend, gatewayBad, dnsUnhealthy,
	}
}
