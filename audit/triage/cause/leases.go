package cause

import (
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

const (
	// nodeLeaseStale is for how long a kubelet may not renew its Lease before the node
	// controller takes it for silent (nodeMonitorGracePeriod, pkg/controller/nodelifecycle),
	// and 20 s more, since a view may be as old as that (kube/live polls Leases).
	nodeLeaseStale = 70 * time.Second
	// leaderLeaseStale is the shortest time after which a leader is gone for good:
	// others take over within its duration, which is 15 s.
	leaderLeaseStale = time.Minute
)

// silence returns for how long a Lease was not renewed, false if nobody knows: it is
// not there, not read, or nobody holds it.
func (q *inquiry) silence(namespace, name string) (time.Duration, bool) {
	lease, ok := q.Cluster.Leases.Get(namespace, name)
	if !ok || lease.Holder == "" {
		return 0, false
	}
	last := lease.Renewed
	if lease.Written.After(last) {
		last = lease.Written
	}
	if last.IsZero() {
		return 0, false
	}
	return q.Cluster.Time.Sub(last), true
}

// lease weighs the Lease of a node that says nothing.
func (q *inquiry) lease(s *subject, w *weighing) {
	silent, known := q.silence(kube.NodeLeases, s.node)
	switch {
	case !known:
		w.unknown("its Lease is not known")
	case silent > nodeLeaseStale:
		w.isStructural("its kubelet renewed its Lease %s ago, for the last time", triage.Span(silent))
	case s.signal.Detector.ID == "node-silent":
		w.veto() // the kubelet lives
	}
}

// leader weighs the Lease of a component of the control plane.
func (q *inquiry) leader(component string, w *weighing) {
	silent, known := q.silence(kube.LeaderLeases, component)
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
