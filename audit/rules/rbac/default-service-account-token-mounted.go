package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var defaultServiceAccountTokenMounted = &audit.Rule{
	ID:       "default-service-account-token-mounted",
	Title:    "The token of the default ServiceAccount is mounted",
	Severity: audit.Medium,
	Rationale: "Pods that share an identity share its permissions and its trail in the audit log: what one of " +
		"them is given, each of them has, and an intruder in one of them too.",
	Remediation: "Set automountServiceAccountToken: false if the program does not talk to the API server; " +
		"otherwise run it as a ServiceAccount of its own.",
	Controls: []string{"CIS-5.1.5", "CIS-5.1.6", "OWASP22-K03", "OWASP25-K02"},
	Since:    "1",
	Subjects: kube.WorkloadResources(),
	Reads:    []kube.Resource{kube.ServiceAccounts},
	Consults: weighed(),
	Wide:     true, // bindings of any namespace may give a ServiceAccount something
	Check:    audit.EachWorkload(judgeDefaultToken),
}

func judgeDefaultToken(p *audit.Pass, w *kube.Workload) {
	if w.ServiceAccount() != defaultAccount || !mounted(p, w) {
		return
	}
	p.Report(audit.Finding{
		Path:    w.Field(automountField),
		Message: "the token of ServiceAccount default is mounted",
		Detail:  "The pods name no ServiceAccount of their own, and nothing keeps the token of default out of them.",
		Fixes:   withholdToken(p.Cluster, w),
	})
}
