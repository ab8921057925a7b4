package capacity

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/platform"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Node is a node and what the pods on it ask for that have not ended.
type Node struct {
	Name string
	// Pool is what its provider or autoscaler calls the group that it is of; "" for none.
	Pool string
	// Ready and Cordoned are what the node says; pods are put on those that are ready and
	// not cordoned ([Node.TakesPods]).
	Ready, Cordoned bool
	// Virtual marks what stands for a service that runs pods elsewhere, each by itself: a
	// virtual kubelet, AWS Fargate. It has no room of its own and is in no sum.
	Virtual bool
	// Taints are those that keep pods away (NoSchedule, NoExecute).
	Taints      []corev1.Taint
	Allocatable Amount // what pods may have of it
	MaxPods     int64

	Pods int // that have not ended
	// Requests are those of all Pods; Daemons and Static are the parts of DaemonSets and of
	// static pods, which are on their node whatever is done.
	Requests, Daemons, Static Amount
	// Limits are the sums of all limits that there are; Unlimited is in how many pods some
	// container has none for memory, and may take all there is.
	Limits    Amount
	Unlimited int

	// moving is what the pods request that come back on another node, and how many.
	moving     Amount
	movingPods int64
	accepted   []bool // the classes of taints that some of them tolerates
	class      int    // of its taints
}

// TakesPods reports whether the scheduler puts pods on the node that tolerate its taints.
func (n *Node) TakesPods() bool { return n.Ready && !n.Cordoned && !n.Virtual }

// Notes are what there is to know of whether the node takes pods, and of whom.
func (n *Node) Notes() []string {
	var all []string
	for _, note := range []struct {
		holds bool
		text  string
	}{
		{n.Virtual, "virtual"}, {!n.Ready, "not ready"}, {n.Cordoned, "cordoned"}, {len(n.Taints) > 0, "tainted"}, {n.Pool != "", "pool " + n.Pool},
	} {
		if note.holds {
			all = append(all, note.text)
		}
	}
	return all
}

// Free is what is not requested of the node, whether or not it takes pods.
func (n *Node) Free() Amount { return n.Allocatable.Over(n.Requests) }

// FreePods is how many more pods the node may have.
func (n *Node) FreePods() int64 { return max(n.MaxPods-int64(n.Pods), 0) }

// Nodes are the nodes of a view, by name.
type Nodes struct {
	All []Node
	// Unknown says why the nodes are not known; PodsUnknown why not all the pods on them
	// are, so that what they request is more than is told, by nobody knows how much. Both
	// are "" where all is known.
	Unknown, PodsUnknown string

	classes []class
}

// class is the nodes that have the same taints.
type class struct {
	taints []corev1.Taint
	free   Amount // on those that take pods
	pods   int64  // that have room on them, by number
	nodes  int    // that take pods
}

// Named returns the node of a name, nil if there is none.
func (n *Nodes) Named(name string) *Node {
	i, found := slices.BinarySearchFunc(n.All, name, func(n Node, name string) int { return strings.Compare(n.Name, name) })
	if !found {
		return nil
	}
	return &n.All[i]
}

// NodesOf returns the nodes of a view, which the caller must not change.
func NodesOf(c *kube.Cluster) *Nodes { return nodesOf.Of(c) }

var nodesOf = kube.Derive(func(c *kube.Cluster) *Nodes {
	n := &Nodes{Unknown: unread(c, kube.Nodes), PodsUnknown: unread(c, kube.Pods)}
	if n.PodsUnknown == "" && len(c.Info.Scope) > 0 {
		n.PodsUnknown = "only namespaces " + strings.Join(c.Info.Scope, ", ") + " were looked at"
	}
	at := map[string]int{}
	for o := range c.Nodes.All() {
		at[o.Name] = len(n.All)
		n.add(o)
	}
	n.fill(c, at)
	for i := range n.All {
		if node := &n.All[i]; node.TakesPods() {
			c := &n.classes[node.class]
			c.free = c.free.Plus(node.Free())
			c.pods += node.FreePods()
			c.nodes++
		}
	}
	return n
})

// unread returns why a resource is not known, "" if it is.
func unread(c *kube.Cluster, r kube.Resource) string {
	if c.Info.Offline {
		return "manifests do not say what runs on nodes"
	}
	return platform.Unread(c, r)
}

func (n *Nodes) add(o *corev1.Node) {
	node := Node{
		Name: o.Name, Pool: poolOf(o), Ready: ready(o), Cordoned: o.Spec.Unschedulable, Virtual: kube.VirtualNode(o),
		Allocatable: AmountOf(o.Status.Allocatable), MaxPods: o.Status.Allocatable.Pods().Value(),
	}
	for _, t := range o.Spec.Taints {
		// that of a cordoned node goes with the cordon
		if t.Effect != corev1.TaintEffectPreferNoSchedule && t.Key != corev1.TaintNodeUnschedulable {
			node.Taints = append(node.Taints, t)
		}
	}
	node.class = n.classOf(node.Taints)
	n.All = append(n.All, node)
}

// classOf returns the class of nodes with the same taints, in whatever order.
func (n *Nodes) classOf(taints []corev1.Taint) int {
	same := func(a, b corev1.Taint) bool { return a.MatchTaint(&b) && a.Value == b.Value }
	within := func(a, b []corev1.Taint) bool {
		return !slices.ContainsFunc(a, func(t corev1.Taint) bool {
			return !slices.ContainsFunc(b, func(u corev1.Taint) bool { return same(t, u) })
		})
	}
	i := slices.IndexFunc(n.classes, func(c class) bool { return within(c.taints, taints) && within(taints, c.taints) })
	if i < 0 {
		i = len(n.classes)
		n.classes = append(n.classes, class{taints: taints})
	}
	return i
}

// fill adds up what the pods on each node ask for.
func (n *Nodes) fill(c *kube.Cluster, at map[string]int) {
	if len(n.All) == 0 {
		return
	}
	known, tolerating := demandsOf.Of(c), map[*corev1.PodSpec][]bool{}
	for p := range c.Pods.All() {
		i, placed := at[p.Node]
		if !placed || p.Finished() {
			continue
		}
		node, asks := &n.All[i], known.of(p)
		node.Pods++
		node.Requests, node.Limits = node.Requests.Plus(asks.requests), node.Limits.Plus(asks.limits)
		if asks.unlimited {
			node.Unlimited++
		}
		switch bound(p) {
		case toDaemonSet:
			node.Daemons = node.Daemons.Plus(asks.requests)
		case toNode:
			node.Static = node.Static.Plus(asks.requests)
		case nowhere:
			accepts, ok := tolerating[p.Spec]
			if !ok {
				accepts = n.tolerates(p.Spec)
				tolerating[p.Spec] = accepts
			}
			node.move(asks.requests, accepts)
		case gone:
		}
	}
}

// binding is whether a pod comes back on another node if its own is lost.
type binding int

const (
	nowhere     binding = iota // its controller makes another
	gone                       // it has no controller: nobody makes another
	toDaemonSet                // one is on each node already
	toNode                     // its node runs it by itself (static pods)
)

func bound(p *kube.Pod) binding {
	_, mirrors := p.Annotations[corev1.MirrorPodAnnotationKey]
	switch {
	case mirrors || p.Owner.Kind == kube.Nodes.Kind:
		return toNode
	case p.Owner.Kind == kube.DaemonSets.Kind:
		return toDaemonSet
	case p.Owner.IsZero():
		return gone
	}
	return nowhere
}

func (n *Node) move(requests Amount, accepts []bool) {
	n.moving = n.moving.Plus(requests)
	n.movingPods++
	if n.accepted == nil {
		n.accepted = make([]bool, len(accepts))
	}
	for i, accepted := range accepts {
		n.accepted[i] = n.accepted[i] || accepted
	}
}

// ready reports whether a node says that it is.
func ready(n *corev1.Node) bool {
	return slices.ContainsFunc(n.Status.Conditions, func(c corev1.NodeCondition) bool {
		return c.Type == corev1.NodeReady && c.Status == corev1.ConditionTrue
	})
}

// poolOf returns the group that a node is of, by the labels of Karpenter and of providers.
func poolOf(n *corev1.Node) string {
	for _, label := range []string{
		"karpenter.sh/nodepool", "eks.amazonaws.com/nodegroup", "cloud.google.com/gke-nodepool", "kubernetes.azure.com/agentpool",
	} {
		if pool := n.Labels[label]; pool != "" {
			return pool
		}
	}
	return ""
}
