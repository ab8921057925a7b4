package disruption

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	scheduling "k8s.io/component-helpers/scheduling/corev1"
	"k8s.io/component-helpers/scheduling/corev1/nodeaffinity"
	"k8s.io/klog/v2"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var replicasOnOneNode = &audit.Rule{
	ID:       "replicas-on-one-node",
	Title:    "All replicas run on the same node",
	Severity: audit.Medium,
	Rationale: "When the node fails, all replicas are gone at once, " +
		"and it takes minutes until the cluster notices and starts them elsewhere.",
	Remediation: "Add a topologySpreadConstraint over kubernetes.io/hostname, and restart the workload (`kubectl rollout restart`): " +
		"pods that run are never moved.",
	Since:    "1",
	Subjects: kube.ScaledResources(),
	Reads:    []kube.Resource{kube.Pods, kube.Nodes, kube.HorizontalPodAutoscalers},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		if _, ok := replicated(p.Cluster, w); !ok {
			p.NotApplicable()
			return
		}
		running, nodes := 0, map[string]bool{}
		for _, pod := range p.Cluster.PodsOf(w) {
			if pod.Status.Phase == corev1.PodRunning && pod.Deleted().IsZero() && pod.Node != "" {
				running++
				nodes[pod.Node] = true
			}
		}
		// Of a thousand nodes the first few tell that there is a choice.
		if running < several || nodesFor(p.Cluster, w, several) < several {
			p.NotApplicable()
			return
		}
		if len(nodes) > 1 {
			return
		}
		choice := nodesFor(p.Cluster, w, p.Cluster.Nodes.Len())
		for node := range nodes {
			p.Report(audit.Finding{
				Path:    w.Pod.Path,
				Message: fmt.Sprintf("all %d replicas run on node %s", running, node),
				Detail:  fmt.Sprintf("The pods could run on %d nodes.", choice),
			})
		}
	}),
}

// nodesFor counts the nodes on which the scheduler may put a workload's pods,
// whatever room there is: ready, not cordoned, and neither taints nor the pods'
// own node affinity against it. It stops where there are enough.
func nodesFor(c *kube.Cluster, w *kube.Workload, enough int) int {
	wanted := nodeaffinity.NewRequiredNodeAffinity(w.Pod.Spec.NodeSelector, w.Pod.Spec.Affinity)
	count := 0
	for node := range c.Nodes.All() {
		if count >= enough {
			break
		}
		if node.Spec.Unschedulable || !ready(node) {
			continue
		}
		if _, repelled := scheduling.FindMatchingUntoleratedTaint(klog.Logger{}, node.Spec.Taints, w.Pod.Spec.Tolerations, hard, true); repelled {
			continue
		}
		if fits, err := wanted.Match(node); err == nil && fits {
			count++
		}
	}
	return count
}

func hard(taint *corev1.Taint) bool {
	return taint.Effect == corev1.TaintEffectNoSchedule || taint.Effect == corev1.TaintEffectNoExecute
}

func ready(node *corev1.Node) bool {
	for _, condition := range node.Status.Conditions {
		if condition.Type == corev1.NodeReady {
			return condition.Status == corev1.ConditionTrue
		}
	}
	return false
}
