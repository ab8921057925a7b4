package securitycontext

import (
	"k8s.io/pod-security-admission/api"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var psaEnforceLabelMissing = &audit.Rule{
	ID:       "psa-enforce-label-missing",
	Title:    "No Pod Security level set",
	Severity: audit.High,
	Rationale: "The namespace does not say what its pods may do. Unless the cluster has a stricter default or another policy engine, " +
		"neither of which the API shows, whoever may create a pod there may create a privileged one.",
	Remediation: "Label the namespace with pod-security.kubernetes.io/enforce: restricted, or baseline where its workloads need more.",
	Controls:    []string{"CIS-5.2.1", "OWASP22-K04", "OWASP25-K04"},
	Since:       "1",
	Subjects:    []kube.Resource{kube.Namespaces},
	Consults:    kube.WorkloadResources(),
	Check: audit.EachNamespace(func(p *audit.Pass, name string) {
		namespace, ok := judgedNamespace(p, name)
		if !ok {
			return
		}
		if _, set := namespace.Labels[api.EnforceLevelLabel]; set {
			return
		}
		passes := complianceOf.Of(p.Cluster, name)
		if passes.err != nil {
			p.Unknown(passes.err.Error())
			return
		}
		f := audit.Finding{
			Path:    enforcePath,
			Message: "namespace sets no Pod Security level",
			Detail: "The label pod-security.kubernetes.io/enforce is not set, so the default of the cluster holds, which the API does not show. " +
				passes.explain(),
			Fixes: passes.fixes(),
		}
		// Where no workload makes use of the freedom, the risk is in pods to come.
		if passes.level != api.LevelPrivileged {
			f.Severity = audit.Medium
		}
		p.Report(f)
	}),
}
