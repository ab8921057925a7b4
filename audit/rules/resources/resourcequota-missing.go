package resources

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var resourcequotaMissing = &audit.Rule{
	ID:       "resourcequota-missing",
	Title:    "No ResourceQuota bounds a namespace",
	Severity: audit.Low,
	Rationale: "One namespace can claim the whole cluster: a runaway autoscaler or a forgotten Job " +
		"leaves no room for anybody else's pods.",
	Remediation: "Create a ResourceQuota with hard limits for requests.cpu, requests.memory and limits.memory, " +
		"somewhat above what the namespace claims in a busy hour (`kubectl describe quota` shows how much is used). " +
		"Pods that do not declare a resource under quota are then refused: give defaults by a LimitRange first.",
	Controls: []string{"NSA"},
	Since:    "1",
	Subjects: []kube.Resource{kube.Namespaces},
	Reads:    []kube.Resource{kube.ResourceQuotas},
	Consults: kube.WorkloadResources(),
	Check: eachUsedNamespace(func(p *audit.Pass, namespace string) {
		bounded := map[corev1.ResourceName]bool{}
		quotas := p.Cluster.ResourceQuotas.In(namespace)
		for _, q := range quotas {
			if len(q.Spec.Scopes) > 0 || q.Spec.ScopeSelector != nil {
				continue // bounds some of the pods only
			}
			for name := range q.Spec.Hard {
				bounded[unabbreviated(name)] = true
			}
		}
		// A quota on limits.cpu is left to choice: it refuses every pod that
		// has no CPU limit.
		wanted := []corev1.ResourceName{
			corev1.ResourceRequestsCPU, corev1.ResourceRequestsMemory, corev1.ResourceLimitsMemory,
		}
		lacking := slices.DeleteFunc(wanted, func(name corev1.ResourceName) bool { return bounded[name] })
		if len(lacking) == 0 {
			return
		}
		names := make([]string, len(lacking))
		for i, name := range lacking {
			names[i] = string(name)
		}
		p.Report(audit.Finding{
			Message: "no ResourceQuota bounds " + enumerate(names),
			Detail:  quotaDetail(quotas),
		})
	}),
}

// unabbreviated returns the full name of a resource under quota: cpu and
// memory stand for their requests.
func unabbreviated(name corev1.ResourceName) corev1.ResourceName {
	switch name {
	case corev1.ResourceCPU:
		return corev1.ResourceRequestsCPU
	case corev1.ResourceMemory:
		return corev1.ResourceRequestsMemory
	default:
		return name
	}
}

func quotaDetail(quotas []*corev1.ResourceQuota) string {
	if len(quotas) == 0 {
		return "The namespace has no ResourceQuota."
	}
	names := make([]string, len(quotas))
	for i, q := range quotas {
		names[i] = q.Name
	}
	return "The namespace has " + enumerate(names) + ", which bound other things, or only pods of some scope."
}
