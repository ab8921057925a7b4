package disruption

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var pdbMissing = &audit.Rule{
	ID:       "pdb-missing",
	Title:    "No budget protects the replicas",
	Severity: audit.Medium,
	Rationale: "A drain or a scale-down of nodes may evict all replicas at the same time, " +
		"so that a planned upgrade is an outage for users.",
	Remediation: "Create a PodDisruptionBudget with maxUnavailable: 1 that selects the pods of the workload, " +
		"and with unhealthyPodEvictionPolicy: AlwaysAllow, lest a crashing pod blocks the drain.",
	Since:    "1",
	Subjects: []kube.Resource{kube.Deployments, kube.StatefulSets, kube.ReplicaSets, kube.ReplicationControllers},
	Reads:    []kube.Resource{kube.PodDisruptionBudgets, kube.HorizontalPodAutoscalers},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		replicas, ok := replicated(p.Cluster, w)
		if !ok {
			p.NotApplicable() // a budget for a single pod can only block
			return
		}
		if len(p.Cluster.BudgetsSelecting(w)) > 0 {
			return
		}
		p.Report(audit.Finding{
			Message: fmt.Sprintf("no budget protects its %d replicas", replicas),
			Detail:  "No PodDisruptionBudget of the namespace selects the labels of its pods.",
			Fixes:   createBudget(p.Cluster, w),
		})
	}),
}

// createBudget is the fix of a workload without a budget. A workload that the
// view does not hold has no selector to take over.
func createBudget(c *kube.Cluster, w *kube.Workload) []audit.Fix {
	selector := ownSelector(w)
	if selector == nil {
		return nil
	}
	return []audit.Fix{{
		Title: "let one of its pods at a time be evicted",
		New:   []audit.Object{budgetFor(c, w, selector)},
		Risk:  "Drains take longer: they wait until each evicted pod is ready elsewhere.",
	}}
}

// budgetFor is a budget for the pods of a workload, of its name if that is free.
func budgetFor(c *kube.Cluster, w *kube.Workload, selector *metav1.LabelSelector) audit.Object {
	name := w.Ref.Name
	if _, taken := c.PodDisruptionBudgets.Get(w.Ref.Namespace, name); taken {
		name += "-pdb"
	}
	return audit.Object{
		"apiVersion": "policy/v1",
		"kind":       kube.PodDisruptionBudgets.Kind,
		"metadata":   map[string]any{"name": name, "namespace": w.Ref.Namespace},
		"spec": map[string]any{
			"maxUnavailable":             int64(1),
			"unhealthyPodEvictionPolicy": "AlwaysAllow",
			"selector":                   selector,
		},
	}
}
