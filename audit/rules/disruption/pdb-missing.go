package disruption

import (
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

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
	Subjects: kube.ScaledResources(),
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
			Fixes:   createBudget(p.Cluster, w, int(replicas)),
		})
	}),
}

// createBudget are the fixes of a workload without a budget: one pod at a time, which
// is right for those that vote on what is true, and never blocks a drain; or as many as
// its own rollout stops at once, where that is more. A workload that the view does not
// hold has no selector to take over.
func createBudget(c *kube.Cluster, w *kube.Workload, replicas int) []audit.Fix {
	selector := w.LabelSelector()
	if selector == nil {
		return nil
	}
	fixes := []audit.Fix{{
		Title: "let one of its pods at a time be evicted",
		New:   []audit.Object{budgetFor(c, w, selector, 1)},
		Risk:  "Drains take longer: they wait until each evicted pod is ready elsewhere.",
	}}
	if n := stoppedByRollout(w, replicas); n > 1 && n < replicas {
		fixes = append(fixes, audit.Fix{
			Title: fmt.Sprintf("let %d of its %d pods at a time be evicted, as many as its rollout stops at once", n, replicas),
			New:   []audit.Object{budgetFor(c, w, selector, n)},
			Risk:  fmt.Sprintf("While a node is drained, %d pods serve what %d do otherwise.", replicas-n, replicas),
		})
	}
	return fixes
}

// stoppedByRollout returns how many of a Deployment's pods its rollout may stop before
// others are ready: a quarter by default, rounded down (apps/v1
// RollingUpdateDeployment.maxUnavailable). It is 0 for other workloads, whose pods have
// roles of their own.
func stoppedByRollout(w *kube.Workload, replicas int) int {
	d, ok := w.Object.(*appsv1.Deployment)
	if !ok || d.Spec.Strategy.Type == appsv1.RecreateDeploymentStrategyType {
		return 0
	}
	most := intstr.FromString("25%")
	if r := d.Spec.Strategy.RollingUpdate; r != nil && r.MaxUnavailable != nil {
		most = *r.MaxUnavailable
	}
	n, err := intstr.GetScaledValueFromIntOrPercent(&most, replicas, false)
	if err != nil {
		return 0
	}
	return n
}

// budgetFor is a budget for the pods of a workload, of its name if that is free.
func budgetFor(c *kube.Cluster, w *kube.Workload, selector *metav1.LabelSelector, unavailable int) audit.Object {
	name := w.Ref.Name
	if _, taken := c.PodDisruptionBudgets.Get(w.Ref.Namespace, name); taken {
		name += "-pdb"
	}
	return audit.Object{
		"apiVersion": "policy/v1",
		"kind":       kube.PodDisruptionBudgets.Kind,
		"metadata":   map[string]any{"name": name, "namespace": w.Ref.Namespace},
		"spec": map[string]any{
			"maxUnavailable":             int64(unavailable),
			"unhealthyPodEvictionPolicy": "AlwaysAllow",
			"selector":                   selector,
		},
	}
}
