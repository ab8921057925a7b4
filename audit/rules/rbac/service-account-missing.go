package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var serviceAccountMissing = &audit.Rule{
	ID:       "service-account-missing",
	Title:    "The ServiceAccount of a workload does not exist",
	Severity: audit.High,
	Rationale: "The API server refuses pods whose ServiceAccount does not exist: those that run are not replaced " +
		"when they end.",
	Remediation: "Create the ServiceAccount, or name one that exists.",
	Controls:    []string{"OWASP22-K03", "OWASP25-K02"},
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Reads:       []kube.Resource{kube.ServiceAccounts},
	Consults:    []kube.Resource{kube.Namespaces},
	Check:       audit.EachWorkload(judgeAccountExists),
}

func judgeAccountExists(p *audit.Pass, w *kube.Workload) {
	namespace, name := w.Ref.Namespace, w.ServiceAccount()
	_, held := p.Cluster.ServiceAccounts.Get(namespace, name)
	switch {
	case held, automounts(p.Cluster, w) == noAccount:
	case p.Cluster.Info.Offline && name == defaultAccount: // the server makes it
	case !access.Complete(p.Cluster, kube.ServiceAccounts, namespace):
		p.Unknown("ServiceAccount " + namespace + "/" + name + " is not in the view")
	default:
		p.Report(audit.Finding{
			Path:    w.Field("serviceAccountName"),
			Message: "ServiceAccount " + name + " does not exist",
			Detail:  "No pod of " + w.Ref.String() + " can be created while there is no ServiceAccount " + namespace + "/" + name + ".",
		})
	}
}
