package cause

import (
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

const (
	// again is by how much a node must have renewed its Lease after it was taken for
	// silent to be alive after all: clocks and the order of requests differ a little.
	again = 5 * time.Second
	// leaderLeaseStale is the shortest time after which a leader is gone for good:
	// others take over within its duration, which is 15 s.
	leaderLeaseStale = time.Minute
)

// renewed returns when a Lease was last renewed, false if nobody knows: it is not
// there, not read, or nobody holds it.
func (q *inquiry) renewed(namespace, name string) (time.Time, bool) {
	lease, ok := q.Cluster.Leases.Get(namespace, name)
	if !ok || lease.Holder == "" {
		return time.Time{}, false
	}
	last := lease.Renewed
	if lease.Written.After(last) {
		last = lease.Written
	}
	return last, !last.IsZero()
}

// lease weighs the Lease of a node that says nothing. The node controller takes a node
// for silent because its Lease was not renewed, so that only a renewal since then says
// that its kubelet lives.
func (q *inquiry) lease(s *subject, w *weighing) {
	last, known := q.renewed(kube.NodeLeases, s.node)
	switch {
	case !known:
		w.unknown("its Lease is not known")
	case !last.After(s.signal.Onset.Add(again)):
		w.isStructural("its kubelet renewed its Lease %s before that, for the last time", triage.Span(s.signal.Onset.Sub(last)))
	case s.signal.Detector.ID == "node-silent":
		w.veto() // the kubelet lives
	}
}

// leader weighs the Lease of a component of the control plane.
func (q *inquiry) leader(component string, w *weighing) {
	last, known := q.renewed(kube.LeaderLeases, component)
	silent := q.Cluster.Time.Sub(last)
	switch {
	case !known:
		w.unknown("the Lease of %s is not known: a control plane that others run may hide it", component)
	case silent > leaderLeaseStale && w.decisive: // a signal says so
	case silent > leaderLeaseStale:
		w.isDecisive("%s renewed its Lease %s ago, for the last time", component, triage.Span(silent))
	default:
		w.strongly("%s renewed its Lease %s ago", component, triage.Span(silent))
	}
}
