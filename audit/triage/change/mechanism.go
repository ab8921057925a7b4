package change

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Mechanism is how something breaks, as far as it matters for what may have done it.
type Mechanism int

// The mechanisms.
const (
	Unexplained   Mechanism = iota // anything else
	Crash                          // containers exit
	ProbeFailure                   // probes fail
	OutOfMemory                    // containers are killed for memory
	ImagePull                      // images cannot be pulled
	Configuration                  // a ConfigMap, Secret or key is missing, a mount fails
	CreateRefused                  // pods are not admitted: quota, policy, webhook
	NodeTrouble                    // a node is not ready, or its pods fail together
	Capacity                       // pods find no node, or no volume
	TrafficLost                    // a Service has no endpoints, a route no backend
	Eviction                       // pods cannot be evicted, a drain does not get on
	Saturation                     // more is asked of pods than they may do, an autoscaler is at its end
)

// String returns the mechanism in lower case.
func (m Mechanism) String() string {
	return name(int(m), "other", "crash", "probe", "out of memory", "image", "config", "create refused", "node", "capacity", "traffic", "eviction", "saturation")
}

// unrelated is the weight of a change that rarely does such a thing.
const unrelated = 0.1

// areaOf returns the kind of thing that a change is about, where something came or
// went as well.
func areaOf(ch *Change) Kind {
	if ch.Object.Kind == kube.Nodes.Kind && ch.Object.Group == "" {
		return Node
	}
	return ch.Kind
}

// mechanism weighs whether a change can do this.
func (s *Symptom) mechanism(ch *Change) float64 {
	switch areaOf(ch) {
	case Rollout:
		return s.byRollout(ch)
	case Restart, Workload:
		return s.byWorkload(ch)
	case Config:
		return s.byConfig(ch)
	case Autoscale:
		if s.Mechanism == Saturation {
			return 1
		}
		return s.when(0.7, Capacity, CreateRefused, TrafficLost)
	case Scale:
		return s.when(0.7, Capacity, CreateRefused, TrafficLost, Eviction, Saturation)
	case Node:
		return s.when(0.9, NodeTrouble, Capacity, Eviction)
	case Policy:
		return s.byPolicy(ch)
	case Release, Sync:
		// What it brought is told by itself as well, and more surely.
		return s.unless(0.9, NodeTrouble)
	case Leader:
		return s.when(0.5, Unexplained)
	case Tag:
		return s.when(0.9, Crash, ProbeFailure, OutOfMemory, Configuration, Saturation, TrafficLost)
	case Certificate:
		return s.when(0.6, TrafficLost, CreateRefused, ProbeFailure)
	case Storage:
		return s.when(0.9, Capacity, Configuration)
	case Traffic:
		return s.when(1, TrafficLost)
	}
	return unrelated
}

// when returns a weight for some mechanisms.
func (s *Symptom) when(weight float64, mechanisms ...Mechanism) float64 {
	if slices.Contains(mechanisms, s.Mechanism) {
		return weight
	}
	return unrelated
}

// unless returns a weight for all mechanisms but some.
func (s *Symptom) unless(weight float64, mechanisms ...Mechanism) float64 {
	if slices.Contains(mechanisms, s.Mechanism) {
		return unrelated
	}
	return weight
}

// byRollout weighs a new template. Which of its fields differ says what it can do;
// where that is not known it can do all of it.
func (s *Symptom) byRollout(ch *Change) float64 {
	if s.Mechanism == NodeTrouble {
		if infrastructure(ch) {
			return 0.9
		}
		return unrelated
	}
	fields := map[Mechanism][]Field{
		ImagePull:     {Image, Volume, ServiceAccount},
		Configuration: {Environment, Volume, ServiceAccount, SecurityContext, Image, Command},
		CreateRefused: {Resources, SecurityContext, ServiceAccount, Scheduling, Volume, Image, Label},
		Capacity:      {Resources, Scheduling, Volume, Other},
		Eviction:      {Label, Probe},
		Saturation:    {Resources, Image, Command, Environment},
		TrafficLost:   {Label, Other, Image, Command, Environment, Probe},
	}[s.Mechanism]
	if !ch.Compared || fields == nil || slices.ContainsFunc(ch.Differences, func(d Difference) bool { return slices.Contains(fields, d.Field) }) {
		return 1
	}
	return unrelated
}

// byWorkload weighs that a workload came, went, was written or started again. A
// restart changes nothing, but starts what was broken before it.
func (s *Symptom) byWorkload(ch *Change) float64 {
	switch {
	case ch.Action == Deleted:
		return s.when(0.9, TrafficLost)
	case ch.Action == Created:
		return s.when(0.7, Capacity, CreateRefused)
	case ch.Kind == Restart:
		return s.unless(0.3, NodeTrouble)
	}
	return s.when(0.3, Crash, ProbeFailure, OutOfMemory, ImagePull, Configuration, TrafficLost, CreateRefused)
}

// byConfig weighs a ConfigMap or Secret: one that nothing here refers to does nothing.
func (s *Symptom) byConfig(ch *Change) float64 {
	if !slices.Contains(s.References, ch.Object) {
		return unrelated
	}
	return s.unless(0.9, CreateRefused, NodeTrouble, Capacity)
}

// byPolicy weighs a rule: those that are asked when a pod is made, and those that part
// the network.
func (s *Symptom) byPolicy(ch *Change) float64 {
	switch ch.Object.Kind {
	case kube.NetworkPolicies.Kind, kube.CiliumNetworkPolicies.Kind, kube.CiliumClusterwideNetworkPolicies.Kind, kube.GlobalNetworkPolicies.Kind,
		kube.AdminNetworkPolicies.Kind, kube.BaselineAdminNetworkPolicies.Kind, kube.ClusterNetworkPolicies.Kind:
		return s.when(0.6, ProbeFailure, TrafficLost)
	case kube.Roles.Kind, kube.RoleBindings.Kind, kube.ClusterRoles.Kind, kube.ClusterRoleBindings.Kind:
		return unrelated
	case kube.PodDisruptionBudgets.Kind:
		return s.when(1, Eviction)
	case kube.PriorityClasses.Kind, kube.RuntimeClasses.Kind:
		return s.when(1, CreateRefused, Capacity)
	case kube.ServiceAccounts.Kind:
		return s.when(1, CreateRefused, ImagePull)
	}
	return s.when(1, CreateRefused)
}

// infrastructure reports whether a change is of what runs on every node.
func infrastructure(ch *Change) bool {
	return ch.Object.Kind == kube.DaemonSets.Kind || ch.Owner.Kind == kube.DaemonSets.Kind
}
