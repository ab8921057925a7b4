package platform

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	scheduling "k8s.io/component-helpers/scheduling/corev1"
	"k8s.io/component-helpers/scheduling/corev1/nodeaffinity"
	"k8s.io/klog/v2"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// settling is for how many minutes a node may be there before an agent has to run on it.
const settling = 15

// uncovered says on which nodes an agent is wanted and does not run, and why, "" if it runs
// on each or nobody can tell. Where the pods are not known it goes by how many nodes their
// controllers chose. DaemonSets of one product share the nodes among them.
func uncovered(c *kube.Cluster, w *kube.Workload, all []*kube.Workload) string {
	nodes := nodesToCover(c)
	on := map[string]bool{}
	var chosen int32
	for _, each := range all {
		_, want, _ := available(each)
		chosen += want
		for _, pod := range c.PodsOf(each) {
			if goesOn(pod) && pod.Node != "" {
				on[pod.Node] = true
			}
		}
	}
	if len(on) == 0 {
		if int(chosen) < len(nodes) {
			return fmt.Sprintf("it runs on %d of %d nodes", chosen, len(nodes))
		}
		return ""
	}
	var without []string
	for _, node := range nodes {
		if !on[node.Name] {
			without = append(without, node.Name+" ("+passesBy(w, node)+")")
		}
	}
	if len(without) == 0 {
		return ""
	}
	slices.Sort(without)
	return fmt.Sprintf("it runs on %d of %d nodes, and not on %s", len(nodes)-len(without), len(nodes), someOf(without))
}

// passesBy says why the pods of a DaemonSet do not run on a node. What Kubernetes taints a
// node with for a time they tolerate (DaemonSet, Taints and tolerations).
func passesBy(w *kube.Workload, node *corev1.Node) string {
	lasts := func(t *corev1.Taint) bool {
		return !strings.HasPrefix(t.Key, "node.kubernetes.io/") && t.Effect != corev1.TaintEffectPreferNoSchedule
	}
	if taint, found := scheduling.FindMatchingUntoleratedTaint(klog.Background(), node.Spec.Taints, w.Pod.Spec.Tolerations, lasts, false); found {
		return "taint " + taint.Key + " is not tolerated"
	}
	match, err := nodeaffinity.GetRequiredNodeAffinity(&corev1.Pod{Spec: *w.Pod.Spec}).Match(node)
	switch {
	case err != nil:
		return "its affinity cannot be read"
	case !match:
		return "its selector leaves it out"
	}
	return "it has no pod there"
}

// nodesToCover returns the nodes on which an agent is wanted, as far as they are known:
// those that run Linux, and are real. Virtual kubelets and Fargate have no node to run an
// agent on.
func nodesToCover(c *kube.Cluster) []*corev1.Node {
	if _, blind := c.Blind(kube.Nodes, ""); blind {
		return nil
	}
	var nodes []*corev1.Node
	for node := range c.Nodes.All() {
		made := node.CreationTimestamp
		if node.Labels[corev1.LabelOSStable] != string(corev1.Windows) && !kube.VirtualNode(node) && (made.IsZero() || c.Lasted(made, settling)) {
			nodes = append(nodes, node)
		}
	}
	return nodes
}
