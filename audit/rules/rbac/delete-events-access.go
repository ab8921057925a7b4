package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var deleteEventsAccess = &audit.Rule{
	ID:       "delete-events-access",
	Title:    "Events can be deleted",
	Severity: audit.Low,
	Rationale: "Events are where it shows first that something was started, killed or refused. Whoever deletes them takes " +
		"away the trail of what they did.",
	Remediation: "Take delete on events out of the role: they expire by themselves. Keep them elsewhere, with the audit " +
		"log.",
	Controls: []string{"OWASP22-K03", "OWASP25-K02", "MITRE-T1070"},
	Since:    "2",
	Subjects: []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Reads:    []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults: weighed(),
	Check:    judgePower(removeEvents),
}

var removeEvents = &power{
	rule:     "delete-events-access",
	severity: audit.Low,
	can:      "delete the events of %s",
	allows: func(g grant) bool {
		return g.can("", "events", "", "delete", "deletecollection") || g.can("events.k8s.io", "events", "", "delete", "deletecollection")
	},
}
