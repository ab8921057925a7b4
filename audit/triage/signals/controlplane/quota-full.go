package controlplane

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// nearlyFull is the share of a quota from which it is told, in percent (the alert
// KubeQuotaAlmostFull of kubernetes-mixin).
const nearlyFull = 90

var quotaFull = &triage.Detector{
	ID:    "quota-full",
	Title: "A quota is used up",
	About: "What a ResourceQuota counts has come to ninety percent of its limit, or to all of it (status.used, status.hard): the next pod that does not fit is refused. " +
		"By itself that is a note: a refusal is told by create-refused, which this explains. Counts that are pinned on purpose " +
		"(no load balancers, one claim) are left out: only CPU, memory, storage and pods are looked at.",
	Reads: []kube.Resource{kube.ResourceQuotas},
	Rung:  triage.Quotas,
	Check: func(p *triage.Pass) {
		for _, q := range p.Cluster.ResourceQuotas.In(p.Namespace) {
			var full []string
			exhausted := false
			for name, hard := range q.Status.Hard {
				used, counted := q.Status.Used[name]
				if !counted || hard.IsZero() || !grows(name) || share(used, hard) < nearlyFull {
					continue
				}
				exhausted = exhausted || used.Cmp(hard) >= 0
				full = append(full, fmt.Sprintf("%s %s/%s", name, used.String(), hard.String()))
			}
			if len(full) == 0 {
				continue
			}
			slices.Sort(full)
			s := triage.Signal{
				Object: kube.ResourceQuotas.Ref(q.Namespace, q.Name), Severity: triage.S4, Cause: "near",
				Message: "is nearly used up: " + strings.Join(full, ", "),
				Keys:    []triage.Key{{Kind: triage.ByQuota, Name: q.Namespace + "/" + q.Name}},
			}
			if exhausted {
				s.Cause, s.Message = "full", "is used up: "+strings.Join(full, ", ")
			}
			p.Report(s)
		}
	},
}

// grows reports whether what a quota counts grows with the load, so that being
// full is no intention.
func grows(name corev1.ResourceName) bool {
	text := string(name)
	return name == corev1.ResourcePods || name == corev1.ResourceCPU || name == corev1.ResourceMemory ||
		strings.HasPrefix(text, "requests.") || strings.HasPrefix(text, "limits.")
}

// share returns how much of a quantity another one is, in percent.
func share(used, hard resource.Quantity) int {
	return int(100 * used.AsApproximateFloat64() / hard.AsApproximateFloat64())
}
