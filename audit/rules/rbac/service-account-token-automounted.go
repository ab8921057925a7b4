package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var serviceAccountTokenAutomounted = &audit.Rule{
	ID:       "service-account-token-automounted",
	Title:    "The API token is mounted without being asked for",
	Severity: audit.Low,
	Rationale: "A token in a pod is what an intruder looks for first: with it, a fault of the application " +
		"becomes a foothold in the cluster. Most applications never talk to the API server.",
	Remediation: "Set automountServiceAccountToken: false in the pod template, or on the ServiceAccount for all " +
		"its pods.",
	Controls: []string{"CIS-5.1.6", "NSA", "OWASP22-K03", "OWASP25-K02", "MITRE-T1528"},
	Since:    "1",
	Subjects: kube.WorkloadResources(),
	Reads:    []kube.Resource{kube.ServiceAccounts},
	Consults: weighed(),
	Wide:     true, // bindings of any namespace may give a ServiceAccount something
	Check:    audit.EachWorkload(judgeAutomount),
}

func judgeAutomount(p *audit.Pass, w *kube.Workload) {
	if !mounted(p, w) {
		return
	}
	f := audit.Finding{
		Path:    w.Field(automountField),
		Message: "the token of ServiceAccount " + w.ServiceAccount() + " is mounted",
		Detail:  "Neither the pod template nor the ServiceAccount says otherwise.",
		Fixes:   withholdToken(p.Cluster, w),
	}
	if own := w.Pod.Spec.AutomountServiceAccountToken; own != nil {
		f.Detail = "The pod template asks for it."
	} else if accountDecides(p.Cluster, w) {
		f.Detail = "The ServiceAccount asks for it."
	}
	switch {
	case w.ServiceAccount() == defaultAccount:
		f.Implied = "default-service-account-token-mounted"
	case permissionsOf(p.Cluster, w.Ref.Namespace, w.ServiceAccount()).binding != nil:
		f.Implied = "service-account-token-mounted-with-permissions"
	}
	p.Report(f)
}

func accountDecides(c *kube.Cluster, w *kube.Workload) bool {
	account, ok := c.ServiceAccounts.Get(w.Ref.Namespace, w.ServiceAccount())
	return ok && account.AutomountServiceAccountToken != nil
}
