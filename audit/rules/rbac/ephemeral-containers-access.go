package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var ephemeralContainersAccess = &audit.Rule{
	ID:       "ephemeral-containers-access",
	Title:    "Containers can be added to running pods",
	Severity: audit.High,
	Rationale: "An ephemeral container runs any image inside an existing pod, with its network, its volumes and " +
		"its ServiceAccount.",
	Remediation: "Take pods/ephemeralcontainers out of the role, or bind it for the time of a debugging session.",
	Controls:    []string{"OWASP22-K03", "OWASP25-K02", "MITRE-T1609"},
	Since:       "1",
	Subjects:    []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Reads:       []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults:    weighed(),
	Check:       judgePower(addEphemeralContainers),
}

var addEphemeralContainers = &power{
	rule:     "ephemeral-containers-access",
	severity: audit.High,
	can:      "add containers to every running pod of %s",
	allows: func(g grant) bool {
		return g.can("", "pods", "ephemeralcontainers", "update", "patch")
	},
}
