package securitycontext

import (
	"k8s.io/pod-security-admission/api"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var psaEnforceBelowBaseline = &audit.Rule{
	ID:       "psa-enforce-below-baseline",
	Title:    "Pod Security level is privileged",
	Severity: audit.Medium,
	Rationale: "The namespace allows privileged pods by its label. " +
		"Whoever may create a pod there can take over the node it runs on.",
	Remediation: "Raise the label to baseline, and move the workloads that cannot pass it to a namespace that holds nothing else.",
	Controls:    []string{"CIS-5.2.2", "CIS-5.2.8", "CIS-5.2.11", "CIS-5.2.12", "CIS-5.2.13", "OWASP22-K04", "OWASP25-K04"},
	Since:       "1",
	Subjects:    []kube.Resource{kube.Namespaces},
	Consults:    kube.WorkloadResources(),
	Check: audit.EachNamespace(func(p *audit.Pass, name string) {
		namespace, ok := judgedNamespace(p, name)
		if !ok {
			return
		}
		value, set := namespace.Labels[api.EnforceLevelLabel]
		if !set { // the concern of psa-enforce-label-missing
			p.NotApplicable()
			return
		}
		// Admission takes a value that it does not know for restricted.
		level, _ := api.ParseLevel(value)
		if level != api.LevelPrivileged {
			return
		}
		passes := complianceOf.Of(p.Cluster, name)
		if passes.err != nil {
			p.Unknown(passes.err.Error())
			return
		}
		p.Report(audit.Finding{
			Path: enforcePath, Message: "namespace allows privileged pods",
			Detail: "The label pod-security.kubernetes.io/enforce is privileged, which allows everything. " + passes.explain(),
			Fixes:  passes.fixes(),
		})
	}),
}
