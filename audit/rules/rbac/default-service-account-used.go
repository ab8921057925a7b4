package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var defaultServiceAccountUsed = &audit.Rule{
	ID:       "default-service-account-used",
	Title:    "A workload runs as the default ServiceAccount",
	Severity: audit.Low,
	Rationale: "Pods that name no ServiceAccount share one, so that none of them can be given, or denied, anything " +
		"by itself: what one needs some day, all of them get.",
	Remediation: "Make a ServiceAccount for the workload and name it in serviceAccountName.",
	Controls:    []string{"CIS-5.1.5", "OWASP22-K03", "OWASP25-K02"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Consults:    []kube.Resource{kube.ServiceAccounts, kube.Namespaces},
	Check:       audit.EachWorkload(judgeDefaultUse),
}

func judgeDefaultUse(p *audit.Pass, w *kube.Workload) {
	mounts := automounts(p.Cluster, w)
	if mounts == noAccount {
		p.NotApplicable()
		return
	}
	if w.ServiceAccount() != defaultAccount {
		return
	}
	f := audit.Finding{
		Path:    w.Field("serviceAccountName"),
		Message: "its pods run as ServiceAccount default",
		Detail:  "The template names no ServiceAccount of its own. Its pods do not carry the token.",
	}
	if mounts == automatic {
		f.Detail = "The template names no ServiceAccount of its own, and its pods carry the token."
		f.Implied = defaultServiceAccountTokenMounted.ID
	}
	p.Report(f)
}
