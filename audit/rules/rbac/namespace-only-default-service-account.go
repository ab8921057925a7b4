package rbac

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var namespaceOnlyDefaultServiceAccount = &audit.Rule{
	ID:       "namespace-only-default-service-account",
	Title:    "All of a namespace run as one ServiceAccount",
	Severity: audit.Info,
	Rationale: "The programs of the namespace cannot be told apart by the API server: what one of them is granted, " +
		"all have, and the audit log names none of them.",
	Remediation: "Make a ServiceAccount for each program that talks to the API server.",
	Controls:    []string{"CIS-5.1.5", "OWASP22-K03", "OWASP25-K02"},
	Since:       "2",
	Subjects:    []kube.Resource{kube.Namespaces},
	Reads:       []kube.Resource{kube.ServiceAccounts},
	Consults:    append(kube.WorkloadResources(), kube.Namespaces),
	Check:       audit.EachNamespace(judgeOnlyDefault),
}

func judgeOnlyDefault(p *audit.Pass, namespace string) {
	own := func(a *corev1.ServiceAccount) bool { return a.Name != defaultAccount }
	asDefault := func(w *kube.Workload) bool {
		return w.ServiceAccount() == defaultAccount && automounts(p.Cluster, w) != noAccount
	}
	switch {
	case !slices.ContainsFunc(p.Cluster.WorkloadsIn(namespace), asDefault):
		p.NotApplicable()
	case slices.ContainsFunc(p.Cluster.ServiceAccounts.In(namespace), own):
	case !access.Complete(p.Cluster, kube.ServiceAccounts, namespace):
		p.Unknown("ServiceAccounts of the namespace may not all be in the view")
	default:
		p.Report(audit.Finding{
			Message: "namespace has no ServiceAccount but default",
			Detail:  "Its workloads run as default, and there is no other that one of them could have for itself.",
		})
	}
}
