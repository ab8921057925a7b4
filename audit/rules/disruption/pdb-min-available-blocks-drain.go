package disruption

import (
	"fmt"
	"strings"

	policyv1 "k8s.io/api/policy/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var pdbMinAvailableBlocksDrain = &audit.Rule{
	ID:       "pdb-min-available-blocks-drain",
	Title:    "A budget leaves no pod to evict",
	Severity: audit.High,
	Rationale: "The budget asks for as many pods as there are. No node that runs one of them can be drained, " +
		"and upgrades hang until somebody deletes the pod by hand.",
	Remediation: "Use maxUnavailable: 1 in place of minAvailable: it stays right when the number of replicas changes. " +
		"With one replica, run a second one, or accept that a drain restarts the only one.",
	Since:    "1",
	Subjects: []kube.Resource{kube.PodDisruptionBudgets},
	Reads:    []kube.Resource{kube.HorizontalPodAutoscalers},
	Consults: kube.WorkloadResources(),
	Check: eachBudget(func(p *audit.Pass, b *policyv1.PodDisruptionBudget) {
		if b.Spec.MinAvailable == nil || b.Spec.MaxUnavailable != nil {
			p.NotApplicable()
			return
		}
		e := expect(p.Cluster, b)
		if e.doubt == "" && e.pods == 0 {
			p.NotApplicable() // pdb-selects-nothing has it, or all is scaled to zero
			return
		}
		if e.nothing {
			p.Unknown(e.doubt)
			return
		}
		if blocks, why := blocksDrain(b, e); why != "" {
			p.Unknown(why)
		} else if blocks {
			p.Report(blockingFinding(b, e))
		}
	}),
}

// blocksDrain reports whether minAvailable leaves no pod to evict, or why that
// cannot be said.
func blocksDrain(b *policyv1.PodDisruptionBudget, e expectation) (blocks bool, why string) {
	if keepsAll(&b.Spec) {
		return true, ""
	}
	if e.doubt != "" {
		return false, e.doubt
	}
	free, err := evictable(&b.Spec, e.pods)
	if err != nil {
		return false, err.Error()
	}
	return free == 0, ""
}

func blockingFinding(b *policyv1.PodDisruptionBudget, e expectation) audit.Finding {
	f := audit.Finding{
		Path:    "spec.minAvailable",
		Message: fmt.Sprintf("minAvailable %s of %d: no pod may be evicted", b.Spec.MinAvailable, e.pods),
		Detail:  fmt.Sprintf("The workloads that it selects keep %d pods.", e.pods),
	}
	if len(e.scaled) > 0 {
		f.Detail = fmt.Sprintf("The workloads that it selects keep %d pods when %s scales them down to the minimum; "+
			"a drain in quiet hours hangs.", e.pods, strings.Join(e.scaled, ", "))
	}
	if e.doubt != "" {
		f.Message = fmt.Sprintf("minAvailable is %s: no pod may be evicted", b.Spec.MinAvailable)
		f.Detail = "It keeps all pods, however many there are."
	}
	risk := "With more replicas, fewer pods are kept during a drain than minAvailable asked for."
	if e.pods == 1 {
		risk = "A drain takes down the only replica until it runs elsewhere."
	}
	f.Fixes = []audit.Fix{oneAtATime(b, risk)}
	return f
}
