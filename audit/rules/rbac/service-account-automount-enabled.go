package rbac

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var serviceAccountAutomountEnabled = &audit.Rule{
	ID:       "service-account-automount-enabled",
	Title:    "A ServiceAccount asks for a token that is good for nothing",
	Severity: audit.Low,
	Rationale: "automountServiceAccountToken: true puts a token into every pod of the ServiceAccount. Nothing is granted " +
		"to it, so that the token only serves an intruder, who learns of the cluster by it and gets whatever is " +
		"granted one day.",
	Remediation: "Set automountServiceAccountToken: false on the ServiceAccount; a pod that needs the token can ask for it.",
	Controls:    []string{"CIS-5.1.6", "OWASP22-K03", "OWASP25-K02"},
	Since:       "2",
	Subjects:    []kube.Resource{kube.ServiceAccounts},
	Consults:    weighed(),
	Wide:        true, // bindings of any namespace may give a ServiceAccount something
	Check:       eachServiceAccount(judgeAutomountEnabled),
}

func judgeAutomountEnabled(p *audit.Pass, a *corev1.ServiceAccount) {
	if a.AutomountServiceAccountToken == nil || !*a.AutomountServiceAccountToken {
		if a.Name == defaultAccount {
			p.NotApplicable() // it is there without anybody having made it
		}
		return
	}
	has := permissionsOf(p.Cluster, a.Namespace, a.Name)
	switch {
	case has.binding != nil:
		return // the token is for something, and somebody says so
	case !knownPowerless(p.Cluster, a.Namespace, a.Name):
		p.Unknown("what bindings give " + a.Namespace + "/" + a.Name + " is not in the view")
		return
	}
	f := audit.Finding{
		Path:    automountField,
		Message: "it asks for a token in every pod, and nothing is granted to it",
		Detail:  "No binding gives ServiceAccount " + a.Namespace + "/" + a.Name + " more than every ServiceAccount has.",
		Fixes:   withholdEverywhere(p.Cluster, a),
	}
	if a.Name == defaultAccount && len(p.Cluster.WorkloadsIn(a.Namespace)) > 0 {
		f.Implied = defaultServiceAccountAutomount.ID
	}
	p.Report(f)
}
