package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var podsExecAccess = &audit.Rule{
	ID:       "pods-exec-access",
	Title:    "Commands can be run in any pod",
	Severity: audit.High,
	Rationale: "A command in a pod acts with everything the pod has: its data, its Secrets and its " +
		"ServiceAccount. No admission policy on pods sees it.",
	Remediation: "Take pods/exec out of the role, or bind it for the time it is needed.",
	Controls:    []string{"NSA", "OWASP22-K03", "OWASP25-K02", "MITRE-T1609"},
	Since:       "1",
	Subjects:    []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Reads:       []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults:    weighed(),
	Check:       judgePower(execIntoPods),
}

var execIntoPods = &power{
	rule:     "pods-exec-access",
	severity: audit.High,
	can:      "run commands in every pod of %s",
	allows:   func(g grant) bool { return streams(g, "exec") },
}
