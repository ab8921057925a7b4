package platform

import (
	"cmp"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// reconciling is for how many minutes a controller may take to do what it is told
// before that is worth a finding.
const reconciling = 15

// notReady returns the condition by which an object is not ready, nil if it does not say
// so. One that does not say whether it is ready, or has become unready a moment ago, is not
// applicable: it is no pass either.
func notReady(p *audit.Pass, conditions []metav1.Condition) *metav1.Condition {
	ready := meta.FindStatusCondition(conditions, "Ready")
	switch {
	case ready == nil || ready.Status == metav1.ConditionUnknown:
		p.NotApplicable()
		return nil
	case ready.Status == metav1.ConditionTrue:
		return nil
	case !p.Cluster.Lasted(ready.LastTransitionTime, reconciling):
		p.NotApplicable()
		return nil
	}
	return ready
}

// reasoned tells what a condition says, and since when.
func reasoned(c *metav1.Condition) string {
	said := "The controller says: " + strings.TrimSpace(cmp.Or(c.Message, c.Reason, "nothing more"))
	if !c.LastTransitionTime.IsZero() {
		said = "Since " + kube.Moment(c.LastTransitionTime) + " the" + strings.TrimPrefix(said, "The")
	}
	return strings.TrimSuffix(said, ".") + "."
}

// reasons is [reasoned] for a condition that has a line for each pod.
func reasons(c *metav1.Condition) string {
	inLine := *c
	inLine.Message = strings.ReplaceAll(strings.TrimSpace(c.Message), "\n", "; ")
	return reasoned(&inLine)
}

// reasonOf is the reason of a condition, in brackets; "" if it has none.
func reasonOf(c *metav1.Condition) string {
	if c.Reason == "" {
		return ""
	}
	return " (" + c.Reason + ")"
}
