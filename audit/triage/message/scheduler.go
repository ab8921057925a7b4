package message

import (
	"strings"
)

// SchedulerReason is why nodes, or the pod itself, do not do for the scheduler.
type SchedulerReason string

// The reasons of the scheduler's plugins (pkg/scheduler/framework/plugins).
const (
	// Capacity: too little of a resource is left on the node, or there is less of
	// it in all: the message does not tell these apart. Name is the resource.
	Capacity SchedulerReason = "capacity"
	// Taint: the node has a taint that the pod does not tolerate. Name is
	// "{key: value}" where an older scheduler says so; 1.37 names none.
	Taint SchedulerReason = "taint"
	// Cordoned: the node is unschedulable.
	Cordoned SchedulerReason = "cordoned"
	// Selector: the node does not bear what nodeSelector, node affinity or nodeName
	// of the pod ask for.
	Selector SchedulerReason = "selector"
	// Excluded: plugins ruled the node out before it was looked at. Name has them.
	Excluded SchedulerReason = "excluded"
	// PodAffinity: no pod that this one wants to be beside runs there.
	PodAffinity SchedulerReason = "pod-affinity"
	// PodAntiAffinity: a pod that this one wants to be away from runs there.
	PodAntiAffinity SchedulerReason = "pod-anti-affinity"
	// ExistingAntiAffinity: a pod that runs there wants to be away from this one.
	ExistingAntiAffinity SchedulerReason = "existing-anti-affinity"
	// TopologySpread: the pods would be spread too unevenly.
	TopologySpread SchedulerReason = "topology-spread"
	// TopologyLabel: the node lacks the label that pods are spread over.
	TopologyLabel SchedulerReason = "topology-label"
	// HostPort: another pod has the port.
	HostPort SchedulerReason = "host-port"
	// Features: the node lacks features that the pod needs.
	Features SchedulerReason = "features"
	// Device: dynamic resource allocation found no device, or no claim for one.
	Device SchedulerReason = "device"
	// Gated: scheduling gates hold the pod back, by design. Name has them where
	// they are said.
	Gated SchedulerReason = "gated"
	// Gang: the pod waits for the others of its group.
	Gang SchedulerReason = "gang"
	// Preempting: the pod waits until its victims are gone.
	Preempting SchedulerReason = "preempting"
	// Resizing: the pod waits for a resize in place.
	Resizing SchedulerReason = "resizing"
	// NoNodes: the cluster has no node.
	NoNodes SchedulerReason = "no-nodes"
	// PreemptionUnhelpful and NoVictims stand in the verdict on preemption alone.
	PreemptionUnhelpful SchedulerReason = "preemption-unhelpful"
	NoVictims           SchedulerReason = "no-victims"
	// UnparsedReason: in Text alone.
	UnparsedReason SchedulerReason = Unparsed
)

// The reasons that have to do with volumes. Name is the claim, driver or class
// where it is said.
const (
	VolumeUnbound      SchedulerReason = "volume-unbound"       // a claim that is to be bound at once is not
	VolumeClaimMissing SchedulerReason = "volume-claim-missing" // no such claim
	VolumeClaimGoing   SchedulerReason = "volume-claim-deleted" // the claim is being deleted
	VolumeClaimLost    SchedulerReason = "volume-claim-lost"    // its volume does not exist
	VolumeClaimPending SchedulerReason = "volume-claim-pending" // the claim of an ephemeral volume is yet to be made
	VolumeNoneToBind   SchedulerReason = "volume-none-to-bind"  // no volume that the claim can take
	VolumeNodeAffinity SchedulerReason = "volume-node-affinity" // the volume is bound to other nodes
	VolumeZone         SchedulerReason = "volume-zone"          // the volume is in another zone
	VolumeCount        SchedulerReason = "volume-count"         // the node has as many volumes as it takes
	VolumeSpace        SchedulerReason = "volume-space"         // too little storage left
	VolumeAccessMode   SchedulerReason = "volume-access-mode"   // ReadWriteOncePod, and another pod has it
	VolumeDisk         SchedulerReason = "volume-disk"          // another pod has the disk
	VolumeClass        SchedulerReason = "volume-class"         // the StorageClass is missing or unclear
	VolumeDriver       SchedulerReason = "volume-driver"        // the CSI driver is not on the node
)

// OfVolume reports whether a reason has to do with volumes.
func (r SchedulerReason) OfVolume() bool { return strings.HasPrefix(string(r), "volume-") }

// Unfit is one reason for which nodes do not do.
type Unfit struct {
	// Count is how many nodes; 0 if it is said of the pod, on whatever node.
	Count int
	Kind  SchedulerReason
	// Name is what Kind says, "" if it is not said.
	Name string
	// Text is the reason as the scheduler wrote it.
	Text string
}

// Verdict is what the scheduler says of making room by preemption.
type Verdict string

// The verdicts (pkg/scheduler/framework/preemption and plugins/defaultpreemption).
const (
	// VerdictUnsaid: nothing is said of it.
	VerdictUnsaid Verdict = ""
	// Unhelpful: no eviction would help, on any node.
	Unhelpful Verdict = "unhelpful"
	// WithoutVictims: on some nodes it could help, but no pod there has a lower
	// priority.
	WithoutVictims Verdict = "no-victims"
	// Insufficient: there are victims, and the pod would not fit without them.
	Insufficient Verdict = "insufficient"
	// Forbidden: the pod's preemptionPolicy is Never.
	Forbidden Verdict = "never"
	// Making: it is under way; see Preemption.Victims and Node.
	Making Verdict = "preempting"
	// Terminating: the pod waits for one that is being deleted on its node.
	Terminating Verdict = "terminating"
	// NoCandidate: extenders left no node.
	NoCandidate Verdict = "no-candidate"
	// UnparsedVerdict: in Text alone.
	UnparsedVerdict Verdict = Unparsed
)

// Preemption is what the scheduler says of making room.
type Preemption struct {
	Verdict Verdict
	// Reasons are those of each node; nil if it is about the pod.
	Reasons []Unfit
	// Victims is how many pods are evicted, from Node: of Making, where 1.37 says it.
	Victims int
	Node    string
	Text    string
}

// Scheduler is what the scheduler says of a pod that it has found no node for.
type Scheduler struct {
	// Nodes is how many nodes there are; -1 if the message does not say.
	Nodes int
	// Reasons are in the order of the message. A node can have several, so that
	// the counts add up to more than Nodes.
	Reasons    []Unfit
	Preemption Preemption
	// Text is what was said beside that, "" for nothing.
	Text string
}

// Scheduling reads the message of the condition PodScheduled, or of the event
// FailedScheduling:
//
//	0/N nodes are available: <sentence or counted reasons>. preemption: <verdict>
//
// (pkg/scheduler/framework/types.go, FitError.Error), and what plugins say before a
// pod is looked at (gates, groups).
func Scheduling(message string) Scheduler {
	message = bounded(message)
	s := Scheduler{Nodes: -1}
	if inner, is := placements(message); is {
		message = inner
	}
	nodes, rest, fits := available(message)
	if !fits {
		if message != "" {
			s.Reasons = []Unfit{unfit(message)}
		}
		return s
	}
	s.Nodes = nodes
	// PostFilter comes last, and nests a message of the same form: it is cut off
	// before the sentences are told apart.
	head, verdict, preempts := strings.Cut(rest, "preemption: ")
	if preempts {
		s.Preemption = preemption(verdict)
		head = strings.TrimSuffix(head, "pod group ")
	}
	sentence, tail, _ := strings.Cut(head, ". ")
	s.Reasons = reasons(sentence)
	s.Text = Scrub(strings.Trim(tail, " ,."))
	return s
}

// placements returns the message that one about places for a whole group of pods
// quotes (pkg/scheduler/schedule_one_podgroup.go).
func placements(message string) (inner string, is bool) {
	if _, rest, found := number(strings.TrimPrefix(message, "0/")); found {
		return strings.CutPrefix(rest, " placements are available, first placement status: ")
	}
	return "", false
}

// available returns the number of nodes, and what is said of them.
func available(message string) (nodes int, rest string, fits bool) {
	tail, is := strings.CutPrefix(message, "0/")
	if !is {
		return 0, "", false
	}
	nodes, rest, is = number(tail)
	if !is {
		return 0, "", false
	}
	rest, is = strings.CutPrefix(rest, " nodes are available:")
	return nodes, strings.TrimSpace(rest), is
}

// reasons reads a list "3 Insufficient cpu, 2 node(s) were unschedulable", or the
// sentence of a PreFilter plugin, which has no count.
func reasons(sentence string) []Unfit {
	sentence = strings.TrimSuffix(strings.TrimSpace(sentence), ".")
	if sentence == "" {
		return nil
	}
	if _, _, counted := count(sentence); !counted {
		return ofPod(sentence)
	}
	var read []Unfit
	for _, part := range items(sentence) {
		n, reason, _ := count(part)
		u := unfit(reason)
		u.Count = n
		read = append(read, u)
	}
	return read
}

// items splits a list of counted reasons. A reason may have commas itself:
// "1 node(s) had taint {a: b}, that the pod didn't tolerate, 2 Insufficient cpu".
func items(list string) []string {
	var split []string
	start := 0
	for at := 0; ; {
		comma := strings.Index(list[at:], ", ")
		if comma < 0 {
			return append(split, list[start:])
		}
		at += comma + len(", ")
		if _, _, counted := count(list[at:]); counted {
			split = append(split, list[start:at-len(", ")])
			start = at
		}
	}
}

// count returns how many nodes a reason is said of.
func count(reason string) (n int, rest string, found bool) {
	n, rest, found = number(reason)
	if !found || !strings.HasPrefix(rest, " ") {
		return 0, reason, false
	}
	return n, rest[1:], true
}

// ofPod reads what a PreFilter plugin says of the pod, in one sentence or several
// (framework.Status.Message joins them by commas).
func ofPod(sentence string) []Unfit {
	whole := unfit(sentence)
	if whole.Kind != UnparsedReason {
		return []Unfit{whole}
	}
	var read []Unfit
	for part := range strings.SplitSeq(sentence, ", ") {
		u := unfit(part)
		if u.Kind == UnparsedReason {
			return []Unfit{whole}
		}
		read = append(read, u)
	}
	return read
}

// preemption reads what PostFilter says (DefaultPreemption.PostFilter puts
// "preemption: " before it; PodEligibleToPreemptOthers and Evaluator.evaluate say it).
func preemption(verdict string) Preemption {
	verdict = strings.TrimSpace(verdict)
	p := Preemption{Verdict: UnparsedVerdict, Text: Scrub(verdict)}
	_, rest, nested := available(verdict)
	switch {
	case nested:
		p.Reasons = reasons(before(rest, ". "))
		p.Verdict = verdictOn(p.Reasons)
	case strings.HasPrefix(verdict, "not eligible due to preemptionPolicy=Never"):
		p.Verdict = Forbidden
	case strings.HasPrefix(verdict, "not eligible due to a terminating pod on the nominated node"):
		p.Verdict = Terminating
	case strings.HasPrefix(verdict, "no candidate node for preemption"):
		p.Verdict = NoCandidate
	case strings.HasPrefix(verdict, "found a potential placement for pod on node "), // Evaluator.Preempt, 1.37
		strings.HasPrefix(verdict, "found a placement for podgroup, "), // podgrouppreemption.go
		strings.HasPrefix(verdict, "ongoing preemption on nominated nodes"):
		p.Verdict = Making
		p.Node = wordAfter(verdict, " for pod on node ")
		p.Victims, _, _ = number(after(verdict, ", preempting "))
	}
	return p
}

func verdictOn(reasons []Unfit) Verdict {
	verdict := Unhelpful
	for _, r := range reasons {
		switch r.Kind {
		case PreemptionUnhelpful:
		case NoVictims:
			if verdict == Unhelpful {
				verdict = WithoutVictims
			}
		case UnparsedReason:
			return UnparsedVerdict
		default: // the filter that still fails once the victims are gone
			verdict = Insufficient
		}
	}
	if len(reasons) == 0 {
		return UnparsedVerdict
	}
	return verdict
}
