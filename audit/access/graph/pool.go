package graph

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	scheduling "k8s.io/component-helpers/scheduling/corev1"
	"k8s.io/component-helpers/scheduling/corev1/nodeaffinity"
	"k8s.io/klog/v2"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// pool is a set of nodes on which the same pods may run, as far as taints and
// the operating system tell. How many there are says nothing but whether there
// is only one.
type pool struct {
	name    string // "worker node", "control plane node", "node tainted gpu=a100:NoSchedule"
	control bool   // they run the control plane
	windows bool
	single  bool // the pool has one node
	known   bool // the view has nodes of it
}

// mostPools is how many pools are told apart; nodes of others count as the last.
const mostPools = 64

// poolSet is a set of pools by number.
type poolSet uint64

func (s poolSet) has(p int) bool { return s&(1<<p) != 0 }

// poolsOf returns the pools of a view, by name. A view without nodes has one of
// nodes that nothing is known of.
func poolsOf(c *kube.Cluster) []pool {
	byName := map[string]pool{}
	for n := range c.Nodes.All() {
		p := describePool(c, n)
		_, more := byName[p.name]
		p.single = !more
		byName[p.name] = p
	}
	if len(byName) == 0 {
		return []pool{{name: "node"}}
	}
	pools := make([]pool, 0, len(byName))
	for _, p := range byName {
		pools = append(pools, p)
	}
	slices.SortFunc(pools, func(a, b pool) int { return strings.Compare(a.name, b.name) })
	if len(pools) > mostPools {
		pools = pools[:mostPools]
	}
	return pools
}

func describePool(c *kube.Cluster, n *corev1.Node) pool {
	p := pool{windows: n.Status.NodeInfo.OperatingSystem == string(corev1.Windows), known: true}
	p.control = controls(c, n)
	kind := "worker node"
	if p.windows {
		kind = "Windows node"
	}
	if p.control {
		kind = "control plane node"
	}
	var taints []string
	for i := range n.Spec.Taints {
		if t := &n.Spec.Taints[i]; repels(t) && !isRoleTaint(t) {
			taints = append(taints, fmt.Sprintf("%s=%s:%s", t.Key, t.Value, t.Effect))
		}
	}
	slices.Sort(taints)
	p.name = kind
	if len(taints) > 0 {
		p.name += " tainted " + strings.Join(taints, " ")
	}
	if p.control && !slices.ContainsFunc(n.Spec.Taints, func(t corev1.Taint) bool { return isRoleTaint(&t) }) {
		p.name += " for any pod"
	}
	return p
}

// controls reports whether a node runs the control plane: it is labelled so, or
// the kubelet runs the API server or its database there as a static pod, which
// is called by the node's name.
func controls(c *kube.Cluster, n *corev1.Node) bool {
	_, control := n.Labels["node-role.kubernetes.io/control-plane"]
	_, master := n.Labels["node-role.kubernetes.io/master"] // its name before 1.20 (KEP-2067)
	return control || master || slices.ContainsFunc([]string{"kube-apiserver-", "etcd-", "kube-controller-manager-"}, func(prefix string) bool {
		p, ok := c.Pods.Get(controlNamespace, prefix+n.Name)
		return ok && p.Annotations[corev1.MirrorPodAnnotationKey] != ""
	})
}

// repels reports whether a taint keeps pods away for good: those that tell of the
// health of a node come and go.
func repels(t *corev1.Taint) bool {
	lasting := !strings.HasPrefix(t.Key, "node.kubernetes.io/") && !strings.HasPrefix(t.Key, "node.cloudprovider.kubernetes.io/")
	return lasting && t.Effect != corev1.TaintEffectPreferNoSchedule
}

func isRoleTaint(t *corev1.Taint) bool {
	return t.Key == "node-role.kubernetes.io/control-plane" || t.Key == "node-role.kubernetes.io/master"
}

// poolOf returns the pool of a node.
func poolOf(c *kube.Cluster, pools []pool, n *corev1.Node) int {
	name := describePool(c, n).name
	i := slices.IndexFunc(pools, func(p pool) bool { return p.name == name })
	if i < 0 {
		return len(pools) - 1
	}
	return i
}

// placing answers where pods may run, once for all that ask for the same.
type placing struct {
	c     *kube.Cluster
	pools []pool
	known map[string]poolSet
	nodes [][]*corev1.Node // by pool
}

func newPlacing(c *kube.Cluster, pools []pool) *placing {
	p := &placing{c: c, pools: pools, known: map[string]poolSet{}, nodes: make([][]*corev1.Node, len(pools))}
	for n := range c.Nodes.All() {
		i := poolOf(c, pools, n)
		p.nodes[i] = append(p.nodes[i], n)
	}
	return p
}

// of returns the pools in which pods of a spec may run, whether they do so now
// or not: where a pod is put is the scheduler's choice, and may be another
// tomorrow. PerNode pods run on every node that they tolerate, and tolerate what
// the DaemonSet controller adds. Pods that fit nowhere are taken to run anywhere.
func (p *placing) of(spec *corev1.PodSpec) poolSet {
	if p.c.Nodes.Len() == 0 {
		return 1
	}
	key := placementKey(spec)
	if set, ok := p.known[key]; ok {
		return set
	}
	var set poolSet
	affinity := nodeaffinity.NewRequiredNodeAffinity(spec.NodeSelector, spec.Affinity)
	for i, nodes := range p.nodes {
		if slices.ContainsFunc(nodes, func(n *corev1.Node) bool { return admits(n, spec.Tolerations, affinity) }) {
			set |= 1 << i
		}
	}
	if set == 0 {
		set = 1<<len(p.pools) - 1
	}
	p.known[key] = set
	return set
}

// admits reports whether a node takes pods that tolerate and demand so much.
func admits(n *corev1.Node, tolerations []corev1.Toleration, affinity nodeaffinity.RequiredNodeAffinity) bool {
	_, untolerated := scheduling.FindMatchingUntoleratedTaint(klog.Background(), n.Spec.Taints, tolerations, repels, false)
	if untolerated {
		return false
	}
	match, err := affinity.Match(n)
	return err == nil && match
}

// on returns the pool of the node that a pod is bound to, all that it may run on
// if the view does not hold that node.
func (p *placing) on(node string, spec *corev1.PodSpec) poolSet {
	n, ok := p.c.Nodes.Get("", node)
	if !ok {
		return p.of(spec)
	}
	return 1 << poolOf(p.c, p.pools, n)
}

// placementKey holds what decides on the placement of a spec.
func placementKey(spec *corev1.PodSpec) string {
	if len(spec.NodeSelector) == 0 && len(spec.Tolerations) == 0 && spec.Affinity == nil {
		return ""
	}
	var b strings.Builder
	for _, k := range sortedKeys(spec.NodeSelector) {
		fmt.Fprintf(&b, "%s=%s;", k, spec.NodeSelector[k])
	}
	for i := range spec.Tolerations {
		t := &spec.Tolerations[i]
		fmt.Fprintf(&b, "%s %s %s %s;", t.Key, t.Operator, t.Value, t.Effect)
	}
	if a := spec.Affinity; a != nil && a.NodeAffinity != nil && a.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution != nil {
		b.WriteString(a.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution.String())
	}
	return b.String()
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, cmp.Compare[string])
	return keys
}
