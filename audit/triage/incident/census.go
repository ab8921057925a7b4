package incident

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// census counts the pods that are well, by what they could have in common with those
// that are not. It is kept by namespace: the pods of the others are not looked at
// again.
type census struct {
	spaces map[string]*tally
	all    tally
}

// tally is the count of one namespace, or of all.
type tally struct {
	rows  []*kube.Pod // of which it was made
	pods  int
	nodes map[string]int
	specs map[*corev1.PodSpec]int
}

func newCensus() *census {
	return &census{map[string]*tally{}, tally{nodes: map[string]int{}, specs: map[*corev1.PodSpec]int{}}}
}

// take brings the counts up to date.
func (n *census) take(c *kube.Cluster) {
	known := map[string]bool{}
	for _, namespace := range c.NamespaceNames() {
		known[namespace] = true
		rows := c.Pods.In(namespace)
		before := n.spaces[namespace]
		if before != nil && len(before.rows) == len(rows) && (len(rows) == 0 || &before.rows[0] == &rows[0]) {
			continue
		}
		if before != nil {
			n.all.add(before, -1)
		}
		n.spaces[namespace] = tallyOf(rows)
		n.all.add(n.spaces[namespace], 1)
	}
	for namespace, t := range n.spaces {
		if !known[namespace] {
			n.all.add(t, -1)
			delete(n.spaces, namespace)
		}
	}
}

func tallyOf(rows []*kube.Pod) *tally {
	t := &tally{rows: rows, nodes: map[string]int{}, specs: map[*corev1.PodSpec]int{}}
	for _, pod := range rows {
		if triage.Serving(pod) {
			t.pods++
			t.nodes[pod.Node]++
			t.specs[pod.Spec]++
		}
	}
	return t
}

func (t *tally) add(other *tally, sign int) {
	t.pods += sign * other.pods
	merge(t.nodes, other.nodes, sign)
	merge(t.specs, other.specs, sign)
}

func merge[K comparable](into, from map[K]int, sign int) {
	for key, n := range from {
		if into[key] += sign * n; into[key] == 0 {
			delete(into, key)
		}
	}
}

// having returns how many pods that are well have a key in common with others, and
// whether that can be told of keys of its kind.
func (n *census) having(c *kube.Cluster, key triage.Key) (pods int, known bool) {
	switch key.Kind {
	case triage.ByNode:
		return n.all.nodes[key.Name], true
	case triage.ByNodePool, triage.ByZone:
		for name, count := range n.all.nodes {
			if node, ok := c.Nodes.Get("", name); ok && placeOf(node, key.Kind) == key.Name {
				pods += count
			}
		}
		return pods, true
	case triage.ByImage, triage.ByRegistry:
		for spec, count := range n.all.specs {
			if pulls(spec, key) {
				pods += count
			}
		}
		return pods, true
	default:
		return 0, false
	}
}

// started returns, of the pods that are well and were created since some time, how
// many there are and how many have a key.
func (n *census) started(c *kube.Cluster, key triage.Key, since time.Time) (pods, having int) {
	for _, t := range n.spaces {
		for _, pod := range t.rows {
			if pod.Created().Before(since) || !triage.Serving(pod) {
				continue
			}
			pods++
			if has(c, pod, key) {
				having++
			}
		}
	}
	return pods, having
}

func has(c *kube.Cluster, pod *kube.Pod, key triage.Key) bool {
	switch key.Kind {
	case triage.ByNode:
		return pod.Node == key.Name
	case triage.ByNodePool, triage.ByZone:
		node, ok := c.Nodes.Get("", pod.Node)
		return ok && placeOf(node, key.Kind) == key.Name
	case triage.ByImage, triage.ByRegistry:
		return pulls(pod.Spec, key)
	default:
		return false
	}
}

func placeOf(node *corev1.Node, kind triage.KeyKind) string {
	if kind == triage.ByZone {
		return node.Labels[corev1.LabelTopologyZone]
	}
	return triage.PoolOf(node)
}

// pulls reports whether a pod runs an image, or one of a registry.
func pulls(spec *corev1.PodSpec, key triage.Key) bool {
	for container := range kube.ContainersOf(spec, "spec") {
		if key.Kind == triage.ByImage && container.Image == key.Name || key.Kind == triage.ByRegistry && triage.RegistryOf(container.Image) == key.Name {
			return true
		}
	}
	return false
}
