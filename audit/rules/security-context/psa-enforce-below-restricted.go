package securitycontext

import (
	"fmt"

	"k8s.io/pod-security-admission/api"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var psaEnforceBelowRestricted = &audit.Rule{
	ID:       "psa-enforce-below-restricted",
	Title:    "Pod Security level could be restricted",
	Severity: audit.Low,
	Rationale: "Every workload of the namespace passes restricted, yet the namespace enforces baseline: " +
		"the next change may bring root and open system calls back, and nothing says so.",
	Remediation: "Raise the label pod-security.kubernetes.io/enforce to restricted. No workload that is known would be refused.",
	Controls:    []string{"CIS-5.2.10", "CIS-5.2.6", "CIS-5.2.7", "CIS-5.2.9", "OWASP22-K04", "OWASP25-K04"},
	Since:       "2",
	Subjects:    []kube.Resource{kube.Namespaces},
	Consults:    kube.WorkloadResources(),
	Check: audit.EachNamespace(func(p *audit.Pass, name string) {
		namespace, ok := judgedNamespace(p, name)
		if !ok {
			return
		}
		// Of lower levels, and of none, other rules say what could be.
		at, set := enforced(p.Cluster, namespace)
		if !set || at.Level == api.LevelPrivileged {
			p.NotApplicable()
			return
		}
		if at.Level == api.LevelRestricted {
			return
		}
		passes := complianceOf.Of(p.Cluster, name)
		switch {
		case passes.err != nil:
			p.Unknown(passes.err.Error())
		case passes.count == 0 || passes.level != api.LevelRestricted:
		case !passes.proven:
			unproven(p)
		default:
			p.Report(audit.Finding{
				Path: enforcePath, Message: "namespace enforces baseline, and all of it passes restricted",
				Detail: fmt.Sprintf("%d workloads of the namespace are known, and pass restricted in version %s.", passes.count, at.Version),
				Fixes:  passes.fixes(),
			})
		}
	}),
}
