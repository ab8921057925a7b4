package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var clusterAdminBound = &audit.Rule{
	ID:       "cluster-admin-bound",
	Title:    "cluster-admin is given away",
	Severity: audit.Critical,
	Rationale: "Whoever holds cluster-admin may do everything everywhere, read every Secret and become anybody. " +
		"A program that holds it makes each of its faults a fault of the whole cluster.",
	Remediation: "Find out what the subject does, and bind it to a role that allows that and nothing else. A " +
		"roleRef cannot be changed: create the new binding, then delete this one.",
	Controls: []string{"CIS-5.1.1", "NSA", "OWASP22-K03", "OWASP25-K02", "MITRE-T1078"},
	Since:    "1",
	Subjects: []kube.Resource{kube.ClusterRoleBindings},
	Consults: weighed(),
	Check:    judgePower(clusterAdmin),
}

var clusterAdmin = &power{
	rule:     "cluster-admin-bound",
	severity: audit.Critical,
	can:      "do everything in %s",
	reach:    clusterOnly,
	allows: func(g grant) bool {
		return g.role.Kind == kube.ClusterRoles.Kind && g.role.Name == "cluster-admin"
	},
	holds: "cluster-admin",
	named: true,
	fixes: confine,
}
