package resources

import (
	"fmt"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// quotaFull is the share of a quota from which the next rollout, which needs
// some pods more than there are, is likely to be refused.
const quotaFull = 0.9

var resourcequotaNearExhaustion = &audit.Rule{
	ID:       "resourcequota-near-exhaustion",
	Title:    "A ResourceQuota is nearly used up",
	Severity: audit.Medium,
	Rationale: "The API server refuses pods beyond the quota: a rollout stalls, an autoscaler stops short, " +
		"and a pod that died is not replaced if something else took its place.",
	Remediation: "Raise the quota, or free some of it: delete what has finished, lower requests that are far above the measured use.",
	Since:       "1",
	Subjects:    []kube.Resource{kube.ResourceQuotas},
	Check: audit.EachObject(kube.ResourceQuotas, func(c *kube.Cluster) kube.Table[*corev1.ResourceQuota] { return c.ResourceQuotas },
		func(p *audit.Pass, q *corev1.ResourceQuota) {
			if len(q.Status.Hard) == 0 {
				p.NotApplicable() // not counted yet, or a manifest
				return
			}
			for _, name := range slices.Sorted(maps.Keys(q.Status.Hard)) {
				hard, used := q.Status.Hard[name], q.Status.Used[name]
				if hard.IsZero() { // forbids the resource, on purpose
					continue
				}
				share := used.AsApproximateFloat64() / hard.AsApproximateFloat64()
				if share < quotaFull {
					continue
				}
				p.Report(audit.Finding{
					Path:    "spec.hard" + field(name),
					Message: fmt.Sprintf("%.0f%% of %s is used up", share*100, name),
					Detail:  fmt.Sprintf("%s of %s are in use.", used.String(), hard.String()),
				})
			}
		}),
}
