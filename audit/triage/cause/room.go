package cause

import (
	"fmt"
	"slices"
	"strings"
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

// reasons reports whether the scheduler names one of some reasons, and for how many
// nodes each.
func reasons(m message.Scheduler, kinds ...message.SchedulerReason) (string, bool) {
	var all []string
	for _, r := range m.Reasons {
		switch text := message.Scrub(r.Text); {
		case !slices.Contains(kinds, r.Kind):
		case r.Count == 0:
			all = append(all, text)
		default:
			all = append(all, fmt.Sprintf("%d %s", r.Count, text))
		}
	}
	return strings.Join(all, ", "), len(all) > 0
}

// lossWindow is how long before the onset a node may have been lost to explain that
// pods find none: evicted pods come back five minutes after it, and more slowly where
// a whole zone is gone.
const lossWindow = 30 * time.Minute
