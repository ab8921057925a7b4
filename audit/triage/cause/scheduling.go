package cause

import (
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/audit/triage/placement"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// schedulingPatterns are why pods find no node.
func schedulingPatterns() []*Pattern {
	return []*Pattern{capacityLost, capacityDemand, neverFits, untoleratedTaint, topologySpread, podAffinity}
}

const unschedulable = "pod-unschedulable"

var capacityLost = &Pattern{
	ID: "capacity-lost", Family: "scheduling", Title: "nodes were lost or cordoned, and the rest are full",
	Signals: []string{unschedulable}, Explains: []string{"node-cordoned"}, Mechanism: change.Capacity, Reads: []kube.Resource{kube.Nodes},
	Speaks:      "the scheduler says that too little is left, or that nodes are cordoned or tainted (decisive); nodes became unready or cordoned within the 30 min before (structural), and when (temporal)",
	Contradicts: "no node that is there would be large enough (−35)",
	Unchecked:   "why the nodes went, and what an autoscaler is about to add",
	gate: func(q *inquiry, s *subject) bool {
		_, says := reasons(said(s), message.Capacity, message.Taint, message.Cordoned)
		return says && len(q.lostBefore(s)) > 0
	},
	weigh: func(q *inquiry, s *subject, w *weighing) {
		why, _ := reasons(said(s), message.Capacity, message.Cordoned, message.Taint)
		w.isDecisive("the scheduler says: %s", why)
		lost := q.lostBefore(s)
		w.isStructural("%s", strings.Join(lost, "; "))
		if weight, ok := q.room(s); ok && weight.Kind == placement.Never {
			w.strongly("no node would be large enough even if it were empty")
		}
		if why, pinned := reasons(said(s), message.VolumeNodeAffinity, message.VolumeZone); pinned {
			w.strongly("its volume keeps it from the others anyway: %s", why)
		}
		w.isTemporal(q, q.best(change.Capacity, kinds(change.Node)))
	},
	title: func(q *inquiry, s *subject) string {
		return fmt.Sprintf("pods of %s find no node since %s", s.name(), q.lostBefore(s)[0])
	},
	fix: func(*inquiry, *subject) string {
		return "Bring the nodes back or add others; uncordon those that nobody works on any more."
	},
	commands: func(q *inquiry, s *subject) []Command {
		return []Command{
			q.list(kube.Nodes, "", "which nodes are gone, not ready or cordoned", "-o", "wide"),
			q.describe(orPod(s), "what the scheduler says"),
			q.events("", "what happened to nodes", "involvedObject.kind=Node"),
		}
	},
}

// lostBefore says which nodes became unready or cordoned shortly before the subject
// found none, or were so while it did.
func (q *inquiry) lostBefore(s *subject) []string {
	onset := first(s.signals)
	within := func(at time.Time) bool {
		return !at.IsZero() && !at.After(onset.Add(lossWindow)) && onset.Sub(at) <= lossWindow
	}
	var all []string
	notReady, cordoned := q.lost()
	for _, n := range notReady {
		if at := readiness(n).LastTransitionTime.Time; within(at) {
			all = append(all, fmt.Sprintf("node %s is not ready", n.Name))
		}
	}
	for _, n := range cordoned {
		for _, t := range n.Spec.Taints {
			if t.Key == corev1.TaintNodeUnschedulable && t.TimeAdded != nil && within(t.TimeAdded.Time) {
				all = append(all, fmt.Sprintf("node %s is cordoned", n.Name))
			}
		}
	}
	for i := range q.Changes {
		ch := &q.Changes[i]
		if ch.Kind == change.Node && ch.Action == change.Deleted && within(ch.Time) {
			all = append(all, fmt.Sprintf("node %s left", ch.Object.Name))
		}
	}
	return all
}

var capacityDemand = &Pattern{
	ID: "capacity-demand", Family: "scheduling", Title: "more pods are asked for than the nodes can hold",
	Signals: []string{unschedulable}, Mechanism: change.Capacity, Reads: []kube.Resource{kube.Nodes},
	Speaks:      "the scheduler says that too little is left (decisive); the pods would fit if others were not there (structural); an autoscaler or a person scaled up, or a workload is new (temporal); the autoscaler of nodes says that it adds none (weak)",
	Contradicts: "nodes were lost within the 30 min before (−35); the autoscaler of nodes is adding one (−10)",
	Unchecked:   "how many nodes the pool may have",
	gate: func(q *inquiry, s *subject) bool {
		_, says := reasons(said(s), message.Capacity)
		weight, ok := q.room(s)
		return says && (!ok || weight.Kind != placement.Never)
	},
	weigh: func(q *inquiry, s *subject, w *weighing) {
		why, _ := reasons(said(s), message.Capacity)
		w.isDecisive("the scheduler says: %s", why)
		if weight, ok := q.room(s); ok && weight.Kind == placement.Full {
			w.isStructural("%s", fullLine(weight))
		}
		if lost := q.lostBefore(s); len(lost) > 0 {
			w.strongly("%s", strings.Join(lost, "; "))
		}
		w.isTemporal(q, q.best(change.Capacity, func(r *change.Ranked) bool {
			created := r.Change.Kind == change.Workload && r.Change.Action == change.Created
			return created || kinds(change.Scale, change.Autoscale)(r) || rolledOut(s.workload, change.Resources)(r)
		}))
		for _, e := range q.Cluster.Events.In(s.namespace()) {
			if s.pod == nil || e.InvolvedObject.Name != s.pod.Name {
				continue
			}
			switch {
			case e.Reason == "NotTriggerScaleUp":
				w.isWeak("the autoscaler of nodes adds none: %s", clip(message.Scrub(e.Message)))
			case e.Reason == "TriggeredScaleUp" && q.Cluster.Time.Sub(triage.Happened(e)) < 5*time.Minute:
				w.hardly("the autoscaler of nodes is adding one: %s", clip(message.Scrub(e.Message)))
			}
		}
	},
	title: func(q *inquiry, s *subject) string {
		if weight, ok := q.room(s); ok && len(weight.Shortages) > 0 {
			return fmt.Sprintf("the nodes are full: %s needs more %s than any has left", s.name(), weight.Shortages[0].Resource)
		}
		return "the nodes are full for " + s.name()
	},
	fix: func(*inquiry, *subject) string {
		return "Let the pool grow, ask for less, or scale something down that matters less."
	},
	commands: func(q *inquiry, s *subject) []Command {
		return []Command{
			q.describe(orPod(s), "what the scheduler and the autoscaler of nodes say"),
			q.list(kube.HorizontalPodAutoscalers, s.namespace(), "who scaled up"),
			q.describeAll(kube.Nodes, "", "what each node has left"),
		}
	},
}

// fullLine says which resource the nodes are short of.
func fullLine(weight placement.Weight) string {
	if len(weight.Shortages) == 0 {
		return "nodes could hold it, if other pods were not there"
	}
	short := weight.Shortages[0]
	return fmt.Sprintf("it requests %s %s, and no node has more than %s left (%s if empty)", placement.Quantity(short.Resource, short.Request), short.Resource,
		placement.Quantity(short.Resource, short.Free), placement.Quantity(short.Resource, short.Largest))
}

var neverFits = &Pattern{
	ID: "never-fits", Family: "scheduling", Title: "no node could ever hold the pod",
	Signals: []string{unschedulable}, Mechanism: change.Capacity, Reads: []kube.Resource{kube.Nodes},
	Speaks:      "the scheduler says why nodes do not do (decisive); the request is larger than any node, or no node bears the labels that are asked for (structural); the rollout changed them (temporal)",
	Contradicts: "other pods of the same revision run: the nodes changed (−10)",
	Unchecked:   "whether an autoscaler could bring a larger node",
	gate: func(q *inquiry, s *subject) bool {
		weight, ok := q.room(s)
		return ok && weight.Nodes > 0 && (weight.Kind == placement.Never || weight.Kind == placement.Unmatched)
	},
	weigh: func(q *inquiry, s *subject, w *weighing) {
		if why, says := reasons(said(s), message.Capacity, message.Selector, message.Excluded); says {
			w.isDecisive("the scheduler says: %s", why)
		}
		weight, _ := q.room(s)
		w.isStructural("%s", neverLine(weight))
		q.contrast(s, w)
		w.isTemporal(q, q.best(change.Capacity, rolledOut(s.workload, change.Resources, change.Scheduling)))
		w.isTemporal(q, q.best(change.Capacity, kinds(change.Node)))
		if is := q.split(s.workload); is.newest.well > 0 {
			w.hardly("%d pods of the same revision run: the nodes changed, not the pods", is.newest.well)
		}
	},
	title: func(q *inquiry, s *subject) string {
		weight, _ := q.room(s)
		if weight.Kind == placement.Unmatched {
			return "no node has the labels that " + s.name() + " asks for"
		}
		for _, short := range weight.Shortages {
			if short.Never() {
				return fmt.Sprintf("%s requests %s %s, more than any node has", s.name(), placement.Quantity(short.Resource, short.Request), short.Resource)
			}
		}
		return s.name() + " requests more than any one node has"
	},
	fix: func(q *inquiry, s *subject) string {
		if weight, _ := q.room(s); weight.Kind == placement.Unmatched {
			return "Correct nodeSelector or node affinity of " + s.name() + ", or label a node."
		}
		return "Request less, or add a larger node."
	},
	commands: func(q *inquiry, s *subject) []Command {
		all := []Command{
			q.list(kube.Nodes, "", "which labels and how much the nodes have", "--show-labels"),
			q.describe(orPod(s), "what it asks for, and what the scheduler says"),
		}
		return append(append(all, q.rollback(s.workload)...), q.podsOrNone(s)...)
	},
}

func neverLine(weight placement.Weight) string {
	if weight.Kind == placement.Unmatched {
		return fmt.Sprintf("none of %d nodes matches its nodeSelector and node affinity", weight.Nodes)
	}
	for _, short := range weight.Shortages {
		if short.Never() {
			return fmt.Sprintf("it requests %s %s, and the largest node it may run on has %s for it", placement.Quantity(short.Resource, short.Request), short.Resource,
				placement.Quantity(short.Resource, short.Largest))
		}
	}
	return "each resource is large enough on some node, and nowhere all of them"
}

var untoleratedTaint = &Pattern{
	ID: "taint", Family: "scheduling", Title: "the pod does not tolerate a taint",
	Signals: []string{unschedulable}, Mechanism: change.Capacity, Reads: []kube.Resource{kube.Nodes},
	Speaks:      "the scheduler says that a taint is not tolerated (decisive); which one, worked out from nodes and pod (structural); the taint is new, or the rollout changed tolerations (temporal)",
	Contradicts: "nodes without a taint have no room (−10)",
	Unchecked:   "who set the taint, and why",
	gate: func(q *inquiry, s *subject) bool {
		weight, ok := q.room(s)
		return ok && len(weight.Taints) > 0 && (weight.Kind == placement.Repelled || weight.Kind == placement.Blocked)
	},
	weigh: func(q *inquiry, s *subject, w *weighing) {
		if why, says := reasons(said(s), message.Taint, message.Cordoned); says {
			w.isDecisive("the scheduler says: %s", why)
		}
		weight, _ := q.room(s)
		w.isStructural("%s", taintLine(weight))
		if why, says := reasons(said(s), message.Capacity); says {
			w.hardly("other nodes have no room: %s", why)
		}
		if lost := q.lostBefore(s); len(lost) > 0 && placement.OfTheMoment(&weight.Taints[0].Taint) {
			w.strongly("the taint is what became of the node: %s", lost[0])
		}
		w.isTemporal(q, q.best(change.Capacity, kinds(change.Node)))
		w.isTemporal(q, q.best(change.Capacity, rolledOut(s.workload, change.Scheduling)))
	},
	title: func(q *inquiry, s *subject) string {
		weight, _ := q.room(s)
		return s.name() + " does not tolerate taint " + taintOf(weight.Taints[0].Taint)
	},
	fix: func(q *inquiry, s *subject) string {
		weight, _ := q.room(s)
		if placement.OfTheMoment(&weight.Taints[0].Taint) {
			return "The taint goes with the state of the node: mend or uncordon the node, or add another."
		}
		return "Give " + s.name() + " a toleration if it is to run there, or take the taint off."
	},
	commands: func(q *inquiry, s *subject) []Command {
		return []Command{
			q.list(kube.Nodes, "", "which taints the nodes have", "-o", "custom-columns=NAME:.metadata.name,TAINTS:.spec.taints"),
			q.describe(orPod(s), "which taints it tolerates, and what the scheduler says"),
			q.events("", "what happened to nodes", "involvedObject.kind=Node"),
		}
	},
}

func taintLine(weight placement.Weight) string {
	var all []string
	for _, t := range weight.Taints[:min(len(weight.Taints), 3)] {
		all = append(all, fmt.Sprintf("%s on %d of %d nodes", taintOf(t.Taint), t.Nodes, weight.Nodes))
	}
	return "it does not tolerate " + strings.Join(all, ", ")
}

// taintOf writes a taint as kubectl takes it.
func taintOf(t corev1.Taint) string {
	if t.Value == "" {
		return t.Key + ":" + string(t.Effect)
	}
	return t.Key + "=" + t.Value + ":" + string(t.Effect)
}
