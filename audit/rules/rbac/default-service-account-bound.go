package rbac

import (
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var defaultServiceAccountBound = &audit.Rule{
	ID:       "default-service-account-bound",
	Title:    "The default ServiceAccount has a role",
	Severity: audit.High,
	Rationale: "Every pod that names no ServiceAccount runs as default: what is given to it is given to all of " +
		"them, also to those that come later.",
	Remediation: "Make a ServiceAccount for the workload that needs the role, bind the role to it, and take " +
		"default out of this binding.",
	Controls: []string{"CIS-5.1.5", "OWASP22-K03", "OWASP25-K02"},
	Since:    "1",
	Subjects: []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Reads:    []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults: weighed(),
	Check:    judgeDefaultAccount,
}

var judgeDefaultAccount = eachCharge(
	func(*charge) bool { return true },
	func(p *audit.Pass, c *charge) {
		for _, s := range c.who {
			if s.Kind != rbacv1.ServiceAccountKind || s.Name != defaultAccount {
				continue
			}
			if c.Resolution == access.Resolved && len(c.Rules) == 0 {
				continue
			}
			steps := c.steps(p.Cluster)
			p.Report(audit.Finding{
				Severity: lower(p.Rule.Severity, steps),
				Path:     subjectPath(s) + ".name",
				Message:  s.String() + " is bound to " + c.Role.String(),
				Detail:   c.path([]access.Bound{s}) + "." + remark(steps),
			})
		}
	},
)
