package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var roleRefMissing = &audit.Rule{
	ID:       "role-ref-missing",
	Title:    "The role of a binding does not exist",
	Severity: audit.Medium,
	Rationale: "The binding grants nothing, so that what relies on it fails; and whoever may create a role of " +
		"that name decides what its subjects may do.",
	Remediation: "Correct the name (a roleRef cannot be changed: make a new binding), or delete the binding.",
	Controls:    []string{"OWASP22-K03", "OWASP25-K02"},
	Since:       "1",
	Subjects:    []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Reads:       []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults:    weighed(),
	Check:       judgeRoleRef,
}

var judgeRoleRef = eachCharge(
	func(*charge) bool { return true },
	func(p *audit.Pass, c *charge) {
		switch c.Resolution {
		case access.Unread:
			p.Unknown(c.Role.String() + " is not in the view")
		case access.Missing:
			p.Report(audit.Finding{
				Path:    "roleRef.name",
				Message: c.Role.String() + " does not exist",
				Detail:  c.path(c.who) + ", which does not exist: they get nothing until somebody creates it.",
				Fixes:   unbind(c.Binding, "delete the binding", "If the role is created later on, its subjects do not have it."),
			})
		case access.Resolved:
		}
	},
)
