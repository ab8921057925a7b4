package rbac

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var defaultServiceAccountAutomount = &audit.Rule{
	ID:       "default-service-account-automount",
	Title:    "The default ServiceAccount hands its token to every pod",
	Severity: audit.Low,
	Rationale: "Every pod that names no ServiceAccount gets a token for the API server, whether its program knows " +
		"of it or not: also those that somebody adds tomorrow.",
	Remediation: "Set automountServiceAccountToken: false on ServiceAccount default; a program that talks to the API " +
		"server gets a ServiceAccount of its own.",
	Controls: []string{"CIS-5.1.5", "OWASP22-K03", "OWASP25-K02"},
	Since:    "2",
	Subjects: []kube.Resource{kube.ServiceAccounts},
	Consults: weighed(),
	Wide:     true, // bindings of any namespace may give a ServiceAccount something
	Check:    eachServiceAccount(judgeDefaultAutomount),
}

func eachServiceAccount(judge func(*audit.Pass, *corev1.ServiceAccount)) audit.Check {
	return audit.EachObject(kube.ServiceAccounts,
		func(c *kube.Cluster) kube.Table[*corev1.ServiceAccount] { return c.ServiceAccounts }, judge)
}

// judgeDefaultAutomount leaves out namespaces in which nothing runs.
func judgeDefaultAutomount(p *audit.Pass, a *corev1.ServiceAccount) {
	if a.Name != defaultAccount || len(p.Cluster.WorkloadsIn(a.Namespace)) == 0 {
		p.NotApplicable()
		return
	}
	if a.AutomountServiceAccountToken != nil && !*a.AutomountServiceAccountToken {
		return
	}
	p.Report(audit.Finding{
		Path:    automountField,
		Message: "every pod that names no ServiceAccount gets its token",
		Detail:  "Nothing keeps the token of ServiceAccount " + a.Namespace + "/" + a.Name + " out of the pods that do not say otherwise themselves.",
		Fixes:   withholdEverywhere(p.Cluster, a),
	})
}

// withholdEverywhere returns the fix that takes the token from all pods of a
// ServiceAccount, where nothing is known that it is good for.
func withholdEverywhere(c *kube.Cluster, a *corev1.ServiceAccount) []audit.Fix {
	if !knownPowerless(c, a.Namespace, a.Name) {
		return nil
	}
	fix := audit.SetField("do not hand out the API token", automountField, false)
	fix.Risk = "A program in one of the pods that talks to the API server, even if only to discover it, loses its identity."
	return []audit.Fix{fix}
}
