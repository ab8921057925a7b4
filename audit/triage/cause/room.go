package cause

import (
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/audit/triage/placement"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// rooms has what the nodes of a view have to give, worked out once a view.
var rooms = kube.Derive(func(c *kube.Cluster) []placement.Room {
	return placement.Rooms(c.Nodes.All(), c.Pods.All())
}).From(kube.Nodes, kube.Pods)

// room sets what the pod of a subject asks for against the nodes; false without a pod.
func (q *inquiry) room(s *subject) (placement.Weight, bool) {
	if s.pod == nil {
		return placement.Weight{}, false
	}
	return placement.Weigh(s.pod.Spec, rooms.Of(q.Cluster)), true
}

// said reads what the scheduler says of the pod of a subject.
func said(s *subject) message.Scheduler { return message.Scheduling(s.signal.Raw) }

// reasons reports whether the scheduler names one of some reasons, with the text.
func reasons(m message.Scheduler, kinds ...message.SchedulerReason) (string, bool) {
	for _, r := range m.Reasons {
		for _, kind := range kinds {
			if r.Kind == kind {
				return message.Scrub(r.Text), true
			}
		}
	}
	return "", false
}

// lossWindow is how long before the onset a node may have been lost to explain that
// pods find none: evicted pods come back five minutes after it, and more slowly where
// a whole zone is gone.
const lossWindow = 30 * time.Minute
