package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var podsAttachAccess = &audit.Rule{
	ID:       "pods-attach-access",
	Title:    "Running processes can be attached to",
	Severity: audit.High,
	Rationale: "Whoever attaches to a container reads what its process prints and types into its input: of a shell or an " +
		"interpreter that is running commands, with everything the pod has.",
	Remediation: "Take pods/attach out of the role, or bind it for the time it is needed.",
	Controls:    []string{"OWASP22-K03", "OWASP25-K02", "MITRE-T1609"},
	Since:       "2",
	Subjects:    []kube.Resource{kube.RoleBindings, kube.ClusterRoleBindings},
	Reads:       []kube.Resource{kube.Roles, kube.ClusterRoles},
	Consults:    weighed(),
	Check:       judgePower(attachToPods),
}

var attachToPods = &power{
	rule:     "pods-attach-access",
	severity: audit.High,
	can:      "attach to the process of every pod of %s",
	allows:   func(g grant) bool { return streams(g, "attach") },
	within:   []string{"pods-exec-access"},
}

// streams reports whether a rule allows to open a stream to any pod: a
// subresource that takes create. Until 1.34 a WebSocket, which starts with a GET,
// took only get (KEP-4006, gate AuthorizePodWebsocketUpgradeCreatePermission).
func streams(g grant, subresource string) bool {
	if g.can("", "pods", subresource, "create") {
		return true
	}
	return g.minor > 0 && g.minor < 35 && g.can("", "pods", subresource, "get")
}
