package traffic

import (
	"fmt"

	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var pdbImpossible = &triage.Detector{
	ID:    "pdb-impossible",
	Title: "A disruption budget can never let a pod go",
	About: "spec.maxUnavailable is 0, spec.minAvailable asks for as many pods as there should be, or pods are in more than one budget, which " +
		"the eviction API refuses (pkg/registry/core/pod/storage/eviction.go). Every drain stops there until somebody changes it.",
	Reads: []kube.Resource{kube.PodDisruptionBudgets, kube.Pods},
	Rung:  triage.Effects,
	Check: func(p *triage.Pass) {
		for _, b := range p.Cluster.PodDisruptionBudgets.In(p.Namespace) {
			s := triage.Signal{
				Object: kube.PodDisruptionBudgets.Ref(b.Namespace, b.Name), Since: b.CreationTimestamp.Time, Severity: triage.S4,
			}
			expected := int(b.Status.ExpectedPods)
			c := meta.FindStatusCondition(b.Status.Conditions, policyv1.DisruptionAllowedCondition)
			switch {
			case b.DeletionTimestamp != nil || expected == 0:
				continue
			case c != nil && c.Reason == "MultiplePodDisruptionBudgets":
				s.Severity, s.Cause, s.Message, s.Raw = triage.S3, "several", "its pods are in more than one budget: none of them can be evicted", c.Message
			case zero(b.Spec.MaxUnavailable, expected):
				s.Cause, s.Message = "none", "maxUnavailable "+b.Spec.MaxUnavailable.String()+" lets no pod be evicted"
			case all(b.Spec.MinAvailable, expected):
				s.Cause, s.Message = "all", fmt.Sprintf("minAvailable %s asks for all %d pods", b.Spec.MinAvailable.String(), expected)
			default:
				continue
			}
			if w := p.Cluster.WorkloadsSelected(b.Namespace, b.Spec.Selector); len(w) > 0 {
				s.Workload = w[0].Ref
			}
			p.Report(s)
		}
	},
}

func zero(most *intstr.IntOrString, expected int) bool {
	if most == nil {
		return false
	}
	n, err := intstr.GetScaledValueFromIntOrPercent(most, expected, true)
	return err == nil && n == 0
}

func all(least *intstr.IntOrString, expected int) bool {
	if least == nil {
		return false
	}
	n, err := intstr.GetScaledValueFromIntOrPercent(least, expected, true)
	return err == nil && n >= expected
}
