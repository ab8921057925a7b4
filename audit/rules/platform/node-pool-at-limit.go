package platform

import (
	"fmt"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var nodePoolAtLimit = &audit.Rule{
	ID:       "node-pool-at-limit",
	Title:    "A node pool is at its limit",
	Severity: audit.Medium,
	Rationale: "Karpenter adds no node that would take the pool above its limits. Pods that find no place stay pending, " +
		"and nodes that fail are not replaced where that takes one more for a while.",
	Remediation: "See whether the load is wanted; then raise spec.limits of the NodePool to what may be spent, or give the pods another pool.",
	Since:       "3",
	Subjects:    []kube.Resource{kube.NodePools},
	Parameters: []audit.Parameter{{
		Name:  "thresholdPercent",
		About: "How many percent of the limits of a pool its nodes may have: the last tenth is less than the next node takes in most pools.",
		Value: 90,
	}},
	Check: eachDecoded([]kube.Resource{kube.NodePools}, func(p *audit.Pass, pool *nodePool) {
		if len(pool.Spec.Limits) == 0 || len(pool.Status.Resources) == 0 {
			p.NotApplicable() // it has none, or nobody has added up what it has
			return
		}
		for _, name := range slices.Sorted(maps.Keys(pool.Spec.Limits)) {
			limit, has := pool.Spec.Limits[name], pool.Status.Resources[name]
			if limit.IsZero() || name == corev1.ResourcePods {
				continue // a limit of 0 takes the pool out of use on purpose
			}
			percent := 100 * has.AsApproximateFloat64() / limit.AsApproximateFloat64()
			if percent >= float64(p.Number("thresholdPercent")) {
				p.Report(audit.Finding{
					Path:    "spec.limits",
					Message: fmt.Sprintf("its nodes have %.0f%% of the %s that they may", percent, name),
					Detail:  fmt.Sprintf("They have %s, and the limit is %s.", has.String(), limit.String()),
				})
			}
		}
	}),
}
