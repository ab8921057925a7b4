package traffic

import (
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// usedUp is for how long a budget may be used up by pods that are not ready: a
// rollout or a drain that goes on replaces them in the meantime.
const usedUp = 5 * time.Minute

var pdbBlocking = &triage.Detector{
	ID:    "pdb-blocking",
	Title: "A disruption budget lets no pod be evicted",
	About: "status.disruptionsAllowed is 0 while there are pods: nobody can drain a node that has one of them. That is no more than a note as " +
		"long as nobody wants to; it is worse when one of the pods is on a node that is cordoned. A budget that pods which are not ready have used up is an effect of " +
		"those pods, and counts only after minutes, because rollouts and drains that go well use budgets up as well: under IfHealthyBudget, the default of spec.unhealthyPodEvictionPolicy, not even the broken ones can be evicted (KEP-3017).",
	Reads: []kube.Resource{kube.PodDisruptionBudgets, kube.Pods, kube.Nodes},
	Rung:  triage.Effects,
	Paged: 15 * time.Minute,
	Check: func(p *triage.Pass) {
		for _, b := range p.Cluster.PodDisruptionBudgets.In(p.Namespace) {
			if b.Status.DisruptionsAllowed > 0 || b.Status.ExpectedPods == 0 || b.DeletionTimestamp != nil || b.Status.ObservedGeneration < b.Generation {
				continue
			}
			s := triage.Signal{
				Object: kube.PodDisruptionBudgets.Ref(b.Namespace, b.Name), Severity: triage.S4, Cause: "tight",
				Message: fmt.Sprintf("lets none of its %d pods be evicted (%d healthy, %d asked for)", b.Status.ExpectedPods, b.Status.CurrentHealthy, b.Status.DesiredHealthy),
			}
			if c := meta.FindStatusCondition(b.Status.Conditions, policyv1.DisruptionAllowedCondition); c != nil {
				if c.Reason == policyv1.SyncFailedReason {
					continue
				}
				s.Since, s.Raw = c.LastTransitionTime.Time, c.Message
			}
			if b.Status.CurrentHealthy < b.Status.DesiredHealthy {
				s.Cause = "unhealthy"
			}
			if b.Status.CurrentHealthy < b.Status.ExpectedPods {
				s.After = usedUp
			}
			if workloads := p.Cluster.WorkloadsSelected(b.Namespace, b.Spec.Selector); len(workloads) > 0 {
				s.Workload = workloads[0].Ref
				if node, since := cordoned(p.Cluster, workloads); node != "" {
					s.Severity, s.Message = triage.S2, "blocks the drain of "+node+": "+s.Message
					s.Keys = []triage.Key{{Kind: triage.ByNode, Name: node}}
					if since.After(s.Since) {
						s.Since = since
					}
				}
			}
			p.Report(s)
		}
	},
}

// cordoned returns a node that is cordoned and has pods of some workloads, and
// since when it is, as far as its taint tells; "" if there is none.
func cordoned(c *kube.Cluster, workloads []*kube.Workload) (node string, since time.Time) {
	for _, w := range workloads {
		for _, pod := range c.PodsOf(w) {
			n, known := c.Nodes.Get("", pod.Node)
			if !known || !n.Spec.Unschedulable || pod.Finished() {
				continue
			}
			for _, t := range n.Spec.Taints {
				if t.Key == corev1.TaintNodeUnschedulable && t.TimeAdded != nil {
					since = t.TimeAdded.Time
				}
			}
			return n.Name, since
		}
	}
	return "", since
}
