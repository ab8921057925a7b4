package rbac

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var serviceAccountHasRole = &audit.Rule{
	ID:       "service-account-has-role",
	Title:    "A ServiceAccount has a role",
	Severity: audit.Info,
	Rationale: "It is no fault: programs that talk to the API server need a role. The list of them is what a review " +
		"of access starts from.",
	Remediation: "Ask of each whether its program still needs the role.",
	Controls:    []string{"OWASP22-K03", "OWASP25-K02"},
	Since:       "2",
	Subjects:    []kube.Resource{kube.ServiceAccounts},
	Reads:       []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Consults:    weighed(),
	Wide:        true, // bindings of any namespace may give a ServiceAccount something
	Check:       eachServiceAccount(judgeHasRole),
}

func judgeHasRole(p *audit.Pass, a *corev1.ServiceAccount) {
	has := permissionsOf(p.Cluster, a.Namespace, a.Name)
	by := has.binding
	if by == nil {
		by = has.unread
	}
	if by == nil {
		if a.Name == defaultAccount {
			p.NotApplicable() // it is there without anybody having made it
		}
		return
	}
	p.Report(audit.Finding{
		Message: "it has the permissions of " + by.Role.String(),
		Detail:  by.Ref.String() + " gives " + by.Role.String() + " to ServiceAccount " + a.Namespace + "/" + a.Name + ", by its name or by a group.",
	})
}
