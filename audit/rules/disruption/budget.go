package disruption

import (
	"fmt"

	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// eachBudget returns a Check that judges every PodDisruptionBudget.
func eachBudget(judge func(*audit.Pass, *policyv1.PodDisruptionBudget)) audit.Check {
	return audit.EachObject(kube.PodDisruptionBudgets,
		func(c *kube.Cluster) kube.Table[*policyv1.PodDisruptionBudget] { return c.PodDisruptionBudgets }, judge)
}

// selectsPods reports whether a budget selects a pod of the view.
func selectsPods(c *kube.Cluster, b *policyv1.PodDisruptionBudget) bool {
	selector, err := metav1.LabelSelectorAsSelector(b.Spec.Selector)
	return err == nil && len(c.PodsSelected(b.Namespace, selector)) > 0
}

// unseen returns which workloads of a namespace the view cannot see, and why;
// "" if it sees all.
func unseen(c *kube.Cluster, namespace string) string {
	for _, r := range kube.WorkloadResources() {
		if state, blind := c.Blind(r, namespace); blind {
			return fmt.Sprintf("%s: %s", r, state.Phase)
		}
	}
	return ""
}

// expectation is what a budget counts on.
type expectation struct {
	pods    int      // the fewest that the selected workloads are meant to keep
	scaled  []string // the autoscalers that keep some of them, as "hpa/web"
	doubt   string   // why the number is not known, "" if it is
	nothing bool     // no workload that can be seen is selected
}

// expect adds up the pods that a budget selects. That is how the controller
// counts as well, with what scale says at the moment (getExpectedScale in
// pkg/controller/disruption); the fewest is the moment that matters.
func expect(c *kube.Cluster, b *policyv1.PodDisruptionBudget) expectation {
	selected := c.WorkloadsSelected(b.Namespace, b.Spec.Selector)
	e := expectation{nothing: len(selected) == 0}
	// A controller that cannot be read shows by its pods, if those can.
	if _, blind := c.Blind(kube.Pods, b.Namespace); blind || e.nothing {
		e.doubt = unseen(c, b.Namespace)
	}
	for _, w := range selected {
		replicas, known := c.DesiredReplicas(w)
		if !known {
			e.doubt = fmt.Sprintf("how many pods %s keeps is not declared", w.Ref.Short())
			continue
		}
		e.pods += int(replicas)
		for _, h := range c.AutoscalersOf(w) {
			e.scaled = append(e.scaled, kube.HorizontalPodAutoscalers.Ref("", h.Name).Short())
		}
	}
	return e
}

// evictable returns how many of so many pods, all healthy, a budget lets go at
// once. Percentages are rounded up for both fields, so that minAvailable keeps
// more and maxUnavailable lets go more; a budget that says neither lets none go
// (getExpectedPodCount and updatePdbStatus in pkg/controller/disruption). The
// error is of a value that is neither a number nor a percentage.
func evictable(spec *policyv1.PodDisruptionBudgetSpec, pods int) (int, error) {
	switch {
	case spec.MaxUnavailable != nil:
		most, err := intstr.GetScaledValueFromIntOrPercent(spec.MaxUnavailable, pods, true)
		if err != nil {
			return 0, fmt.Errorf("reading maxUnavailable: %w", err)
		}
		return min(most, pods), nil
	case spec.MinAvailable != nil:
		fewest, err := intstr.GetScaledValueFromIntOrPercent(spec.MinAvailable, pods, true)
		if err != nil {
			return 0, fmt.Errorf("reading minAvailable: %w", err)
		}
		return max(pods-fewest, 0), nil
	}
	return 0, nil
}

// keepsAll reports whether a budget keeps every pod, however many there are.
func keepsAll(spec *policyv1.PodDisruptionBudgetSpec) bool {
	const many = 1000 // of which 1 % is a number to let go
	if spec.MinAvailable != nil && spec.MinAvailable.Type == intstr.Int {
		return false
	}
	free, err := evictable(spec, many)
	return err == nil && free == 0
}

// oneAtATime is the fix that lets a budget give up one pod at a time.
func oneAtATime(b *policyv1.PodDisruptionBudget, risk string) audit.Fix {
	fix := audit.Fix{Title: "let one pod at a time be evicted", Risk: risk}
	if b.Spec.MinAvailable != nil {
		fix.Edits = append(fix.Edits, audit.Edit{Op: audit.Remove, Path: "spec.minAvailable"})
	}
	fix.Edits = append(fix.Edits, audit.Edit{Op: audit.Set, Path: "spec.maxUnavailable", Value: int64(1)})
	return fix
}
