package disruption

import (
	"fmt"

	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// steady is for how many minutes a budget has to allow nothing: rollouts and drains use a
// budget up for minutes, and that is what it is for.
const steady = 15

var pdbNoDisruptionsAllowedLive = &audit.Rule{
	ID:       "pdb-no-disruptions-allowed-live",
	Title:    "A budget allows no eviction now",
	Severity: audit.High,
	Rationale: "A drain of a node that runs one of the pods hangs at this moment. " +
		"Usually some of the pods have not been ready for a while.",
	Remediation: "Find out why pods that the budget selects are not ready, or why its controller cannot count them " +
		"(`kubectl describe pdb` shows both). If none of them is broken, the budget asks for too many.",
	Since:    "1",
	Subjects: []kube.Resource{kube.PodDisruptionBudgets},
	Reads:    []kube.Resource{kube.HorizontalPodAutoscalers},
	Consults: kube.WorkloadResources(),
	Timed:    true,
	Check: eachBudget(func(p *audit.Pass, b *policyv1.PodDisruptionBudget) {
		condition := allowedCondition(b)
		if condition == nil {
			p.NotApplicable() // not looked at yet, or a manifest
			return
		}
		failed := condition.Reason == policyv1.SyncFailedReason
		if condition.Status == metav1.ConditionTrue || b.Status.DisruptionsAllowed > 0 ||
			b.Status.ExpectedPods == 0 && !failed ||
			!p.Cluster.Lasted(condition.LastTransitionTime, steady) {
			return
		}
		f := audit.Finding{
			Path:    "spec",
			Message: fmt.Sprintf("it allows no eviction: %d of %d pods are healthy", b.Status.CurrentHealthy, b.Status.ExpectedPods),
			Detail: fmt.Sprintf("Since %s it allows no disruption; it wants %d healthy pods and has %d.",
				kube.Moment(condition.LastTransitionTime), b.Status.DesiredHealthy, b.Status.CurrentHealthy),
			Implied: blockedBy(p.Cluster, b),
		}
		if failed {
			f.Message = "it allows no eviction: its pods cannot be counted"
			f.Detail = fmt.Sprintf("Since %s: %s", kube.Moment(condition.LastTransitionTime), condition.Message)
		}
		p.Report(f)
	}),
}

func allowedCondition(b *policyv1.PodDisruptionBudget) *metav1.Condition {
	for i := range b.Status.Conditions {
		if b.Status.Conditions[i].Type == policyv1.DisruptionAllowedCondition {
			return &b.Status.Conditions[i]
		}
	}
	return nil
}

// blockedBy returns the rule that finds the cause in what the budget declares,
// "" if the cause is elsewhere.
func blockedBy(c *kube.Cluster, b *policyv1.PodDisruptionBudget) string {
	if b.Spec.MaxUnavailable != nil {
		if keepsAll(&b.Spec) {
			return "pdb-max-unavailable-zero"
		}
		return ""
	}
	e := expect(c, b)
	if e.nothing || e.doubt == "" && e.pods == 0 || b.Spec.MinAvailable == nil {
		return ""
	}
	if blocks, why := blocksDrain(b, e); blocks && why == "" {
		return "pdb-min-available-blocks-drain"
	}
	return ""
}
