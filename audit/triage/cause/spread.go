package cause

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// spread is over which nodes pods are that fail alike.
type spread struct {
	nodes []string // on which pods fail, in the order in which they are met
	pods  int      // that fail
	// wellElsewhere is how many pods of the same workloads serve on other nodes, and
	// wellThere how many on these.
	wellElsewhere, wellThere int
}

// oneNode reports whether all that fails is on one node, and the same is well on
// others: the node is what they have in common.
func (s spread) oneNode() bool {
	return len(s.nodes) == 1 && s.pods > 1 && s.wellElsewhere > 0 && s.wellThere == 0
}

// spread returns where the pods of a subject are, and where their siblings are well.
func (q *inquiry) spread(s *subject) spread {
	pods := q.pods(s)
	found := spread{pods: len(pods)}
	nodes, workloads := map[string]bool{}, map[*kube.Workload]bool{}
	for _, pod := range pods {
		if pod.Node != "" && !nodes[pod.Node] {
			nodes[pod.Node] = true
			found.nodes = append(found.nodes, pod.Node)
		}
		if w := q.Cluster.WorkloadOf(pod); w != nil {
			workloads[w] = true
		}
	}
	for w := range workloads {
		for _, pod := range q.Cluster.PodsOf(w) {
			switch {
			case q.hit[pod.Ref()] || !triage.Serving(pod):
			case nodes[pod.Node]:
				found.wellThere++
			default:
				found.wellElsewhere++
			}
		}
	}
	return found
}

// byNode has the pods of a namespace by the node that they are on.
var byNode = kube.DeriveFor(func(c *kube.Cluster, namespace string) map[string][]*kube.Pod {
	on := map[string][]*kube.Pod{}
	for _, pod := range c.Pods.In(namespace) {
		if pod.Node != "" {
			on[pod.Node] = append(on[pod.Node], pod)
		}
	}
	return on
}).From(kube.Pods)

// podsAt returns all pods on a node, by namespace and name.
func (q *inquiry) podsAt(node string) []*kube.Pod {
	var all []*kube.Pod
	for _, namespace := range q.Cluster.NamespaceNames() {
		all = append(all, byNode.Of(q.Cluster, namespace)[node]...)
	}
	return all
}

// onNode returns the pods on a node that are neither finished nor being deleted, and
// how many of them serve.
func (q *inquiry) onNode(node string) (all []*kube.Pod, serving int) {
	for _, pod := range q.podsAt(node) {
		if pod.Finished() || !pod.Deleted().IsZero() {
			continue
		}
		all = append(all, pod)
		if triage.Serving(pod) {
			serving++
		}
	}
	return all, serving
}

// lost returns the nodes that are not ready, or take no pods, by name.
func (q *inquiry) lost() (notReady, cordoned []*corev1.Node) {
	for n := range q.Cluster.Nodes.All() {
		switch ready := readiness(n); {
		case ready != nil && ready.Status != corev1.ConditionTrue:
			notReady = append(notReady, n)
		case n.Spec.Unschedulable:
			cordoned = append(cordoned, n)
		}
	}
	return notReady, cordoned
}

// readiness returns the condition Ready of a node, nil if it has none.
func readiness(n *corev1.Node) *corev1.NodeCondition {
	for i := range n.Status.Conditions {
		if n.Status.Conditions[i].Type == corev1.NodeReady {
			return &n.Status.Conditions[i]
		}
	}
	return nil
}

// agents returns the pods on a node that do something for all others there, and do not
// serve: those of its network, its Services, its volumes.
func (q *inquiry) agents(node, role string) []*kube.Pod {
	var broken []*kube.Pod
	for _, pod := range q.podsAt(node) {
		if pod.Owner.Kind != kube.DaemonSets.Kind || pod.Finished() {
			continue
		}
		if w := q.Cluster.WorkloadOf(pod); w != nil && !triage.Serving(pod) && triage.SharedRole(q.Cluster, w) == role {
			broken = append(broken, pod)
		}
	}
	return broken
}
