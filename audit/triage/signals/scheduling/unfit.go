package scheduling

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/audit/triage/placement"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// rooms are what the nodes have to give, added up once a view.
var rooms = kube.Derive(func(c *kube.Cluster) []placement.Room {
	return placement.Rooms(c.Nodes.All(), c.Pods.All())
})

// weights are what the nodes are for a spec, which replicas share.
var weights = kube.DeriveFor(func(c *kube.Cluster, spec *corev1.PodSpec) placement.Weight {
	return placement.Weigh(spec, rooms.Of(c))
})

// weigh returns what the nodes are for a spec, false where they are not known.
func weigh(c *kube.Cluster, spec *corev1.PodSpec) (placement.Weight, bool) {
	if _, blind := c.Blind(kube.Nodes, ""); blind || c.Nodes.Len() == 0 {
		return placement.Weight{}, false
	}
	return weights.Of(c, spec), true
}

// The causes that are worked out, beside those that the scheduler says.
const neverFits = "never-fits"

// describe says for what a pod finds no node: a cause, which is what is said of the
// pod itself or else of the most nodes, and all reasons.
func describe(nodes int, reasons []message.Unfit, weight placement.Weight, weighed bool) (cause, line string) {
	byWeight := slices.Clone(reasons)
	slices.SortStableFunc(byWeight, func(a, b message.Unfit) int {
		if (a.Count == 0) != (b.Count == 0) {
			return cmp.Compare(a.Count, b.Count)
		}
		return cmp.Compare(b.Count, a.Count)
	})
	cause = string(byWeight[0].Kind)
	parts := make([]string, 0, len(byWeight)+1)
	short := false
	for _, u := range byWeight {
		short = short || u.Kind == message.Capacity
		if part := unfitLine(u, nodes, weight, weighed); !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	if short && weighed && weight.Kind == placement.Never {
		cause = neverFits
		parts = append(parts, neverLine(weight))
	}
	return cause, "finds no node: " + join(parts)
}

// neverLine says why no node will ever do.
func neverLine(weight placement.Weight) string {
	if len(weight.Shortages) > 0 && weight.Shortages[0].Never() {
		s := weight.Shortages[0]
		return fmt.Sprintf("it never fits: asks for %s %s, and the largest node has %s for it",
			placement.Quantity(s.Resource, s.Request), s.Resource, placement.Quantity(s.Resource, s.Largest))
	}
	return "it never fits: no node has all that it asks for"
}

// unfitLine says one reason, with how many nodes it is about.
func unfitLine(u message.Unfit, nodes int, weight placement.Weight, weighed bool) string {
	on := ""
	if u.Count > 0 {
		on = fmt.Sprintf(" on %d", u.Count)
		if nodes > 0 {
			on = fmt.Sprintf(" on %d/%d nodes", u.Count, nodes)
		}
	}
	switch {
	case u.Kind == message.Capacity:
		return u.Name + " short" + on
	case u.Kind == message.Taint:
		return "taint" + taints(u, weight, weighed) + on
	case u.Kind == message.Device:
		return "no device" + named(u.Name) + on
	case u.Kind.OfVolume():
		return volumeLine(u) + on
	}
	if words := unfitWords()[u.Kind]; words != "" {
		return words + on
	}
	return "reason not known" + on
}

// unfitWords says a reason of which nothing but the nodes is counted.
func unfitWords() map[message.SchedulerReason]string {
	return map[message.SchedulerReason]string{
		message.Cordoned:             "cordoned",
		message.Selector:             "selector or affinity not met",
		message.Excluded:             "selector or affinity not met",
		message.PodAffinity:          "no pod to be beside",
		message.PodAntiAffinity:      "a pod to be away from",
		message.ExistingAntiAffinity: "a pod that wants to be away from it",
		message.TopologySpread:       "topology spread not met",
		message.TopologyLabel:        "label to spread over missing",
		message.HostPort:             "host port taken",
		message.Features:             "features missing",
		message.Preempting:           "waits until its victims are gone",
		message.Resizing:             "waits for a resize",
	}
}

func volumeLine(u message.Unfit) string {
	claim := "claim" + named(u.Name)
	switch u.Kind {
	case message.VolumeClaimMissing:
		return claim + " does not exist"
	case message.VolumeClaimGoing:
		return claim + " is being deleted"
	case message.VolumeClaimLost:
		return "the volume of " + claim + " does not exist"
	case message.VolumeClaimPending:
		return claim + " of an ephemeral volume is yet to be made"
	case message.VolumeNoneToBind:
		return "no volume for its claim"
	case message.VolumeNodeAffinity:
		return "volume bound elsewhere"
	case message.VolumeZone:
		return "volume in another zone"
	case message.VolumeCount:
		return "too many volumes"
	case message.VolumeSpace:
		return "storage short"
	case message.VolumeAccessMode:
		return "ReadWriteOncePod claim in use"
	case message.VolumeDisk:
		return "disk in use"
	case message.VolumeClass:
		return "StorageClass" + named(u.Name) + " missing or unclear"
	case message.VolumeDriver:
		return "CSI driver" + named(u.Name) + " not there"
	default:
		return "claim not bound"
	}
}

func named(name string) string {
	if name == "" {
		return ""
	}
	return " " + name
}

// mostTaints is how many taints a message names.
const mostTaints = 2

// taints names the taints that keep a pod away: as the scheduler does, or as they
// were worked out.
func taints(u message.Unfit, weight placement.Weight, weighed bool) string {
	if u.Name != "" {
		return " " + u.Name
	}
	if !weighed {
		return ""
	}
	var names []string
	for _, t := range weight.Taints {
		if t.Taint.Key == corev1.TaintNodeUnschedulable {
			continue // said to be cordoned
		}
		if len(names) == mostTaints {
			names = append(names, "…")
			break
		}
		name := t.Taint.Key
		if t.Taint.Value != "" {
			name += "=" + t.Taint.Value
		}
		names = append(names, name)
	}
	return named(strings.Join(names, " and "))
}
