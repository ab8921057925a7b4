package nodes

import (
	"fmt"
	"maps"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// From how many nodes, and from which share of them, a zone counts as down: by
// then the node lifecycle controller slows or stops evictions there
// (unhealthyZoneThreshold, pkg/controller/nodelifecycle).
const (
	fewestOfZone = 3
	shareOfZone  = 55 // percent
)

var zoneDown = &triage.Detector{
	ID:    "zone-down",
	Title: "Most nodes of a zone are not ready",
	About: "At least three nodes and 55 percent of a zone (label topology.kubernetes.io/zone) are not ready: the zone, its network or its " +
		"way to the API server is down, not this or that node. Kubernetes then evicts slowly or not at all, because it may be the one that cannot see " +
		"(unhealthyZoneThreshold, pkg/controller/nodelifecycle).",
	Reads: []kube.Resource{kube.Nodes},
	Rung:  triage.Zones,
	Wide:  true,
	Check: func(p *triage.Pass) {
		zones := map[string][]*corev1.Node{}
		for n := range p.Cluster.Nodes.All() {
			if zone := n.Labels[corev1.LabelTopologyZone]; zone != "" && !virtual(n) {
				zones[zone] = append(zones[zone], n)
			}
		}
		for _, zone := range slices.Sorted(maps.Keys(zones)) {
			var lost []time.Time
			for _, n := range zones[zone] {
				is, known := condition(n, corev1.NodeReady)
				if _, maintained := triage.Maintained(n); known && !maintained && is.Status != corev1.ConditionTrue {
					lost = append(lost, is.LastTransitionTime.Time)
				}
			}
			if len(lost) < fewestOfZone || 100*len(lost) < shareOfZone*len(zones[zone]) {
				continue
			}
			slices.SortFunc(lost, time.Time.Compare)
			p.Report(triage.Signal{
				Object: kube.Ref{Kind: "Zone", Name: zone}, Severity: triage.S1, Since: lost[0],
				Message: fmt.Sprintf("%d of %d nodes are not ready", len(lost), len(zones[zone])),
				Keys:    []triage.Key{{Kind: triage.ByZone, Name: zone}},
			})
		}
	},
}
