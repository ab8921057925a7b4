package cause

import (
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// memoryPatterns are why containers are killed for memory.
func memoryPatterns() []*Pattern { return []*Pattern{memoryLimit, nodeMemory} }

// atStart is how short a run is that never had the memory to start.
const atStart = 2 * time.Minute

var memoryLimit = &Pattern{
	ID: "memory-limit", Family: "memory", Title: "the memory limit is too small, or memory leaks",
	Signals: []string{"oom-killed", "crash-loop"}, Mechanism: change.OutOfMemory, Reads: []kube.Resource{kube.Events},
	Speaks:      "the container ends as OOMKilled at its own limit (decisive); no event says that the node had no memory, or the rollout lowered the limit (structural); the revision before serves (contrast); when that was (temporal)",
	Contradicts: "the node ran out of memory as a whole (−35)",
	Unchecked:   "what it used over time: a leak grows, a limit that is too small is reached at once",
	gate: func(q *inquiry, s *subject) bool {
		return q.only(s, causedBy(string(message.ContainerMemory)))
	},
	weigh: func(q *inquiry, s *subject, w *weighing) {
		limit := limitOf(s)
		w.isDecisive("the kernel killed it for memory (OOMKilled) at its limit of %s", limit)
		was, is, lowered := q.lowered(s)
		starved := q.starved(s.node)
		switch {
		case lowered:
			w.isStructural("the rollout lowered the limit from %s to %s", was, is)
		case starved == nil && !w.blind:
			w.isStructural("its node has no event SystemOOM: the limit was reached, not the node's memory")
		}
		if starved != nil {
			w.strongly("node %s %s", s.node, starved.Message)
		}
		q.contrast(s, w)
		w.isTemporal(q, q.best(change.OutOfMemory, rolledOut(s.workload, change.Resources, change.Image, change.Environment, change.Command)))
		if ended := s.ended(); ended != nil && !ended.StartedAt.IsZero() {
			if run := ended.FinishedAt.Sub(ended.StartedAt.Time); run < atStart {
				w.isWeak("it ran for %s: it needs more than that from the start", triage.Span(run))
			} else if run > time.Hour {
				w.unknown("it ran for %s before that, as with a leak or a rare load", triage.Span(run))
			}
		}
	},
	title: func(q *inquiry, s *subject) string {
		if was, is, lowered := q.lowered(s); lowered {
			return fmt.Sprintf("the memory limit of %s is too small since it was lowered from %s to %s", s.name(), was, is)
		}
		return s.name() + " reaches its memory limit of " + limitOf(s)
	},
	fix: func(q *inquiry, s *subject) string {
		if was, _, lowered := q.lowered(s); lowered {
			return "Set the limit back to " + was + ", or go back to the revision before."
		}
		return "Raise the limit of container " + s.container + " above what it needs; if its use grows without end, mend the leak."
	},
	commands: func(q *inquiry, s *subject) []Command {
		var all []Command
		if _, _, lowered := q.lowered(s); lowered {
			all = append(all, q.rollback(s.workload)...)
		}
		if s.pod == nil {
			return append(all, q.podsOrNone(s)...)
		}
		return append(all, q.usage(s.pod), q.get(s.pod.Ref(), "what it requests and may have", "-o", "jsonpath={.spec.containers[*].resources}"), q.previousLogs(s))
	},
}

var nodeMemory = &Pattern{
	ID: "node-memory", Family: "memory", Title: "a node has too little memory",
	Signals:   []string{"node-oom", "oom-killed", "crash-loop", "pod-evicted", "node-pressure", "node-evicting"},
	Mechanism: change.NodeTrouble, Reads: []kube.Resource{kube.Events},
	Speaks:      "event SystemOOM, condition MemoryPressure, or the kubelet evicts for memory (decisive); pods there without a memory request, or limits beyond what the node has (structural); several workloads of one node (contrast)",
	Contradicts: "one workload on several nodes (−35)",
	Unchecked:   "what is used on the node outside of pods",
	gate: func(q *inquiry, s *subject) bool {
		return q.only(s, func(x *triage.Watched) bool {
			switch x.Detector.ID {
			case "node-oom":
				return true
			case "node-pressure":
				return x.Cause == "memory"
			case "pod-evicted":
				return message.Eviction(x.Raw).Resource == "memory"
			case "node-evicting":
				return q.starved(x.Object.Name) != nil
			}
			return x.Cause == string(message.NodeMemory) || x.Cause == string(message.Memory)
		}) && s.node != ""
	},
	weigh: func(q *inquiry, s *subject, w *weighing) {
		if starved := q.starved(s.node); starved != nil {
			w.isDecisive("node %s %s", s.node, starved.Message)
		} else if s.signal.Detector.ID == "pod-evicted" {
			w.isDecisive("the kubelet says: %s", clip(message.Scrub(s.signal.Raw)))
		}
		found := q.spread(s)
		if hit := owners(s); len(hit) > 1 && len(found.nodes) == 1 {
			w.isContrast("%d workloads are hit on node %s alone", len(hit), s.node)
		} else if len(hit) == 1 && len(found.nodes) > 1 {
			w.strongly("one workload is hit on %d nodes", len(found.nodes))
		}
		all, _ := q.onNode(s.node)
		if unasked := withoutMemory(all); len(unasked) > 0 {
			w.isStructural("%d of %d pods on node %s request no memory, so that nothing is kept for them", len(unasked), len(all), s.node)
		}
		for _, x := range s.signals {
			if e := message.Eviction(x.Raw); x.Detector.ID == "pod-evicted" && len(e.Consumers) > 0 {
				w.isStructural("%s", sentenceOf(x))
				break
			}
		}
		w.isTemporal(q, q.best(change.NodeTrouble, kinds(change.Rollout)))
	},
	title: func(_ *inquiry, s *subject) string { return "node " + s.node + " has too little memory for its pods" },
	fix: func(_ *inquiry, s *subject) string {
		return "Move what uses most of it away from node " + s.node + ", then give each of its pods a memory request that is near what it uses. The victim is whoever the kernel chose, not who used the memory."
	},
	commands: func(q *inquiry, s *subject) []Command {
		top := q.kubectl("", "who uses most memory", "top", "pod", "-A", "--sort-by=memory").needs(may("list", kube.PodMetrics, "", ""))
		return []Command{
			q.describe(kube.Nodes.Ref("", s.node), "its conditions, and what its pods request"),
			top, q.podsOn(s.node, "what runs there"), q.cordon(s.node),
		}
	},
}

// limitOf returns the memory limit of the subject's container, or of its pod.
func limitOf(s *subject) string {
	if c, ok := s.containerOf(); ok {
		if limit, set := c.Resources.Limits[corev1.ResourceMemory]; set {
			return limit.String()
		}
	}
	if spec := s.spec(); spec != nil && spec.Resources != nil {
		if limit, set := spec.Resources.Limits[corev1.ResourceMemory]; set {
			return limit.String()
		}
	}
	return "its pod"
}

// lowered reports whether the last rollout lowered the memory limit of the subject's
// container.
func (q *inquiry) lowered(s *subject) (was, is string, lowered bool) {
	last := q.lastRollout(s.workload, change.OutOfMemory)
	if last == nil {
		return "", "", false
	}
	for _, d := range last.Differences {
		if d.Field == change.Resources && d.Container == s.container && d.Path == "containers["+s.container+"].resources.limits.memory" && less(d.After, d.Before) {
			return d.Before, d.After, true
		}
	}
	return "", "", false
}

// less reports whether a quantity is less than another one; none is no limit at all.
func less(a, b string) bool {
	first, err := quantity(a)
	if err != nil {
		return false
	}
	second, err := quantity(b)
	return b == "" || err == nil && first.Cmp(second) < 0
}

// starved returns the signal of a node that ran out of memory or is short of it, nil if
// there is none.
func (q *inquiry) starved(node string) *triage.Watched {
	for _, x := range q.anywhere("node-oom", "node-pressure") {
		if x.Object.Name == node && (x.Detector.ID == "node-oom" || x.Cause == "memory") {
			return x
		}
	}
	return nil
}

// withoutMemory returns the pods of which no container requests memory.
func withoutMemory(pods []*kube.Pod) []*kube.Pod {
	return slices.DeleteFunc(slices.Clone(pods), func(pod *kube.Pod) bool {
		for c := range kube.ContainersOf(pod.Spec, "spec") {
			if _, asks := c.Resources.Requests[corev1.ResourceMemory]; asks {
				return true
			}
			// A limit without a request is the request (core/v1 ResourceRequirements).
			if _, limited := c.Resources.Limits[corev1.ResourceMemory]; limited {
				return true
			}
		}
		return false
	})
}
