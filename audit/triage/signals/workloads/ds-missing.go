package workloads

import (
	"fmt"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// newNode is for how long a node may be without the pods of its DaemonSets.
const newNode = 3 * time.Minute

var dsMissing = &triage.Detector{
	ID:    "ds-missing",
	Title: "Nodes lack a pod of a DaemonSet",
	About: "Fewer nodes than there should be run the pod (status.currentNumberScheduled), or some of the pods are not available " +
		"(status.numberUnavailable). What a network plugin, a storage driver or kube-proxy does for a node is then missing there. " +
		"For three minutes after a node joined that is to be expected, and while the DaemonSet is being updated it is a note.",
	Reads: []kube.Resource{kube.DaemonSets, kube.Pods},
	Helps: []kube.Resource{kube.Nodes},
	Rung:  triage.NodeAgents,
	After: newNode,
	Paged: 10 * time.Minute,
	Check: func(p *triage.Pass) {
		for _, d := range p.Cluster.DaemonSets.In(p.Namespace) {
			desired := d.Status.DesiredNumberScheduled
			lacking := max(desired-d.Status.CurrentNumberScheduled, d.Status.NumberUnavailable)
			if lacking <= 0 || d.DeletionTimestamp != nil {
				continue
			}
			w := p.Cluster.Workload(kube.DaemonSets.Ref(d.Namespace, d.Name))
			if w == nil {
				continue
			}
			s := triage.Signal{
				Object: w.Ref, Since: unreadySince(p.Cluster, w), Mild: true,
				Message: fmt.Sprintf("%d/%d nodes lack it", lacking, desired),
			}
			if triage.SharedRole(p.Cluster, w) != "" {
				s.Severity, s.Mild = triage.S2, false
				if 2*lacking >= desired {
					s.Severity = triage.S1
				}
			}
			if joined := joinedSince(p.Cluster); !s.Since.IsZero() && joined.After(s.Since) && int(lacking) <= joinedAfter(p.Cluster, s.Since) {
				s.Since = joined
			}
			p.Report(s)
		}
	},
}

// joinedSince returns when the newest node joined, zero if there is none.
func joinedSince(c *kube.Cluster) time.Time {
	var last time.Time
	for n := range c.Nodes.All() {
		last = later(last, n.CreationTimestamp.Time)
	}
	return last
}

// joinedAfter counts the nodes that joined after a time.
func joinedAfter(c *kube.Cluster, t time.Time) int {
	joined := 0
	for n := range c.Nodes.All() {
		if n.CreationTimestamp.After(t) {
			joined++
		}
	}
	return joined
}
