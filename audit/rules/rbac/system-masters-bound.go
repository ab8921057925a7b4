package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var systemMastersBound = &audit.Rule{
	ID:       "system-masters-bound",
	Title:    "The group system:masters is used",
	Severity: audit.Critical,
	Rationale: "The API server lets members of system:masters do everything before it looks at any rule, and " +
		"nothing takes that back before their certificate expires. A binding to it says that somebody " +
		"works with such a certificate.",
	Remediation: "Give administrators a group of their own, bind it to cluster-admin, and keep certificates of " +
		"system:masters for emergencies.",
	Controls: []string{"CIS-5.1.7", "OWASP22-K03", "OWASP25-K02"},
	Since:    "1",
	Subjects: []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Consults: weighed(),
	Check:    judgeMasters,
}

var judgeMasters = eachCharge(
	func(*charge) bool { return true },
	func(p *audit.Pass, c *charge) {
		for _, s := range c.who {
			if !notMasters(s) {
				p.Report(audit.Finding{
					Path:    subjectPath(s) + ".name",
					Message: s.String() + " is bound to " + c.Role.String(),
					Detail:  c.path([]access.Bound{s}) + ", which adds nothing to what the group may do.",
				})
			}
		}
	},
)
