package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var podsPortforwardAccess = &audit.Rule{
	ID:       "pods-portforward-access",
	Title:    "Ports of any pod can be reached",
	Severity: audit.Medium,
	Rationale: "A forwarded port comes out inside the pod: it reaches what listens on localhost there, and no " +
		"NetworkPolicy sees it. Debuggers, metrics and admin interfaces often ask for no password.",
	Remediation: "Take pods/portforward out of the role, or bind it for the time it is needed.",
	Controls:    []string{"OWASP22-K03", "OWASP25-K02"},
	Since:       "2",
	Subjects:    []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Reads:       []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults:    weighed(),
	Check:       judgePower(forwardPorts),
}

var forwardPorts = &power{
	rule:     "pods-portforward-access",
	severity: audit.Medium,
	can:      "reach every port of every pod of %s",
	allows:   func(g grant) bool { return streams(g, "portforward") },
	within:   []string{"pods-exec-access"},
}
