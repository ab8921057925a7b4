package scheduling

import (
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

const (
	// unschedulableAfter is how long a pod may wait for a node, and withHelp how long
	// where an autoscaler may bring one, or where victims are on their way out.
	unschedulableAfter = time.Minute
	withHelp           = 5 * time.Minute
	// gatedAfter is after how long a pod that waits by design is more than a note.
	gatedAfter = 30 * time.Minute
)

var podUnschedulable = &triage.Detector{
	ID:    "pod-unschedulable",
	Title: "A pod finds no node",
	About: "The condition PodScheduled is False with the reason Unschedulable; why is told by its message, which package message reads, and by what package placement works out from nodes, taints and requests: " +
		"\"Insufficient cpu\" may mean that the nodes are full or that none will ever do, and since 1.37 the scheduler names no taint. " +
		"It counts after a minute; after five where an autoscaler has been asked, or nodes are Karpenter's, or pods are being preempted for it. " +
		"Pods that wait by design, for a scheduling gate (reason SchedulingGated, KEP-3521) or the others of their group, are a note for half an hour. " +
		"Of a pod of a DaemonSet only its own node counts, and that it is cordoned or tainted is no problem.",
	Reads: []kube.Resource{kube.Pods},
	Helps: []kube.Resource{kube.Nodes, kube.Events, kube.PersistentVolumeClaims},
	Rung:  triage.Capacity,
	After: unschedulableAfter,
	Paged: mixinNotReady,
	Check: func(p *triage.Pass) {
		for _, pod := range p.Living() {
			said, since, known := triage.Condition(pod, corev1.PodScheduled)
			if !known || said.Status != corev1.ConditionFalse || pod.Node != "" {
				continue
			}
			s := triage.Signal{Object: pod.Ref(), Since: since, Raw: said.Message, Least: triage.S3}
			what := message.Scheduling(said.Message)
			switch {
			case said.Reason == corev1.PodReasonSchedulingGated, waitsByDesign(what):
				reportGated(p, s, said.Reason, what)
				continue
			case said.Reason != corev1.PodReasonUnschedulable:
				continue
			}
			reasons := reasonsFor(pod, what)
			if len(reasons) == 0 && len(what.Reasons) > 0 {
				continue
			}
			s.Cause, s.Message = message.Unparsed, "finds no node"
			if len(reasons) > 0 {
				weight, weighed := weigh(p.Cluster, pod.Spec)
				s.Cause, s.Message = describe(what.Nodes, reasons, weight, weighed)
			}
			s.Keys = claimKeys(p.Cluster, pod, reasons)
			if helpComes(p, pod, what) {
				s.After = withHelp
			}
			p.Report(s)
		}
	},
}

// waitsByDesign reports whether a pod waits for others of its group, or a gate.
func waitsByDesign(what message.Scheduler) bool {
	return len(what.Reasons) > 0 && !slices.ContainsFunc(what.Reasons, func(u message.Unfit) bool {
		return u.Kind != message.Gang && u.Kind != message.Gated
	})
}

// reportGated reports a pod that waits by design: a note at first.
func reportGated(p *triage.Pass, s triage.Signal, reason string, what message.Scheduler) {
	s.Cause, s.Message = string(message.Gang), "waits for the other pods of its group"
	if reason == corev1.PodReasonSchedulingGated {
		s.Cause, s.Message = string(message.Gated), "is held back by scheduling gates"
		for _, r := range what.Reasons {
			if r.Kind == message.Gated && r.Name != "" {
				s.Message += ": " + r.Name
			}
		}
	}
	note := s
	note.Severity, note.Until = triage.S4, s.Since.Add(gatedAfter)
	if !s.Since.IsZero() {
		p.Report(note)
	}
	s.Severity = triage.S3
	p.Report(s)
}

// reasonsFor returns the reasons that are of interest for a pod. The DaemonSet
// controller makes a pod for one node alone, by node affinity (pkg/controller/daemon/util,
// ReplaceDaemonSetPodNodeNameNodeAffinity): all others are none of its business, and
// whether that one is cordoned or tainted is its node's.
func reasonsFor(pod *kube.Pod, what message.Scheduler) []message.Unfit {
	if pod.Owner.Kind != kube.DaemonSets.Kind {
		return what.Reasons
	}
	return slices.DeleteFunc(slices.Clone(what.Reasons), func(u message.Unfit) bool {
		switch u.Kind {
		case message.Selector, message.Excluded, message.Cordoned, message.Taint:
			return true
		default:
			return false
		}
	})
}

// helpComes reports whether room may be on its way: an autoscaler was asked and did
// not decline, nodes come on demand, or victims are about to go.
func helpComes(p *triage.Pass, pod *kube.Pod, what message.Scheduler) bool {
	if what.Preemption.Verdict == message.Terminating || slices.ContainsFunc(what.Reasons, func(u message.Unfit) bool {
		return u.Kind == message.Preempting || u.Kind == message.Resizing || u.Kind == message.VolumeClaimPending
	}) {
		return true
	}
	// cluster-autoscaler and Karpenter tell the pod what they do about it.
	if e := triage.Latest(p.PodEvents(pod), nil, "TriggeredScaleUp", "Nominated", "NotTriggerScaleUp"); e != nil {
		return e.Reason != "NotTriggerScaleUp"
	}
	for n := range p.Cluster.Nodes.All() {
		if n.Labels["karpenter.sh/nodepool"] != "" {
			return true
		}
	}
	return false
}

// claimKeys returns the claims for which a pod finds no node: those that are named,
// or else those of the pod that are not bound.
func claimKeys(c *kube.Cluster, pod *kube.Pod, reasons []message.Unfit) []triage.Key {
	var keys []triage.Key
	add := func(kind triage.KeyKind, name string) {
		if key := (triage.Key{Kind: kind, Name: name}); !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	for _, r := range reasons {
		switch r.Kind {
		case message.VolumeClaimMissing, message.VolumeClaimGoing, message.VolumeClaimLost, message.VolumeClaimPending:
			if r.Name != "" {
				add(triage.ByClaim, pod.Namespace+"/"+r.Name)
			}
		case message.VolumeClass:
			if r.Name != "" {
				add(triage.ByStorageClass, r.Name)
			}
		case message.VolumeUnbound, message.VolumeNoneToBind:
			for i := range pod.Spec.Volumes {
				source := pod.Spec.Volumes[i].PersistentVolumeClaim
				if source == nil {
					continue
				}
				claim, ok := c.PersistentVolumeClaims.Get(pod.Namespace, source.ClaimName)
				if !ok || claim.Status.Phase == corev1.ClaimBound {
					continue
				}
				add(triage.ByClaim, pod.Namespace+"/"+claim.Name)
				if class := claim.Spec.StorageClassName; class != nil && *class != "" {
					add(triage.ByStorageClass, *class)
				}
			}
		default:
		}
	}
	return keys
}

// join writes parts of a message as a list.
func join(parts []string) string { return strings.Join(parts, ", ") }
