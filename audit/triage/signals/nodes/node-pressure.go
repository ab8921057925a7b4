package nodes

import (
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var nodePressure = &triage.Detector{
	ID:    "node-pressure",
	Title: "A node is short of memory, disk or process IDs",
	About: "A condition MemoryPressure, DiskPressure or PIDPressure is True: the kubelet evicts pods and the scheduler sends none. " +
		"The kubelet itself holds the condition for five minutes after the shortage is over " +
		"(evictionPressureTransitionPeriod, KubeletConfiguration), so that it ends later than what caused it.",
	Reads: []kube.Resource{kube.Nodes},
	Rung:  triage.Nodes,
	Hold:  5 * time.Minute,
	Paged: 10 * time.Minute,
	Wide:  true,
	Check: func(p *triage.Pass) {
		for n := range p.Cluster.Nodes.All() {
			if s, short := pressed(n); short {
				p.Report(s)
			}
		}
	},
}

// pressure is a condition by which a kubelet says that something is short, what
// that is, and a slug for it.
type pressure struct {
	condition      corev1.NodeConditionType
	resource, slug string
}

func pressures() []pressure {
	return []pressure{
		{corev1.NodeMemoryPressure, "memory", "memory"},
		{corev1.NodeDiskPressure, "disk", "disk"},
		{corev1.NodePIDPressure, "process IDs", "pid"},
	}
}

// pressed returns the signal of a node that is short of something, since the
// first of what it is short of.
func pressed(n *corev1.Node) (triage.Signal, bool) {
	s := triage.Signal{Object: kube.Nodes.Ref("", n.Name), Severity: triage.S2}
	var short []string
	for _, p := range pressures() {
		is, known := condition(n, p.condition)
		if !known || is.Status != corev1.ConditionTrue {
			continue
		}
		if len(short) == 0 || is.LastTransitionTime.Time.Before(s.Since) {
			s.Since, s.Raw, s.Cause = is.LastTransitionTime.Time, is.Message, p.slug
		}
		short = append(short, p.resource)
	}
	if _, maintained := triage.Maintained(n); maintained {
		s.Severity = triage.S4
	}
	s.Message = "is short of " + strings.Join(short, " and ") + maintenance(n)
	return s, len(short) > 0
}
