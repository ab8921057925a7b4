package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var assignServiceAccountToPod = &audit.Rule{
	ID:       "assign-service-account-to-pod",
	Title:    "Pods can be run as powerful ServiceAccounts",
	Severity: audit.High,
	Rationale: "Whoever creates a pod chooses its ServiceAccount. In a namespace of powerful programs, such as " +
		"kube-system, that is the power of any of them.",
	Remediation: "Bind the subject in the namespaces it works in, and keep powerful ServiceAccounts in namespaces of their " +
		"own.",
	Controls: []string{"OWASP22-K03", "OWASP25-K02", "MITRE-T1610"},
	Since:    "2",
	Subjects: []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Reads:    []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults: weighed(),
	Check:    judgePower(assignAccounts),
}

var assignAccounts = &power{
	rule:      "assign-service-account-to-pod",
	severity:  audit.High,
	can:       "run pods as powerful ServiceAccounts in %s",
	allows:    func(g grant) bool { return g.canAny(runners(), "create") },
	completes: overPrivileged,
	present:   mightExists,
}
