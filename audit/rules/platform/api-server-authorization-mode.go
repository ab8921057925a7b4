package platform

import (
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var apiServerAuthorizationMode = &audit.Rule{
	ID:       "api-server-authorization-mode",
	Title:    "The API server does not ask RBAC, or asks nobody",
	Severity: audit.High,
	Rationale: "With AlwaysAllow everybody who is known may do everything. Without RBAC all roles and bindings are without " +
		"effect; without Node a kubelet that was taken over reads the Secrets of all nodes.",
	Remediation: "Set --authorization-mode=Node,RBAC, or the same in an AuthorizationConfiguration.",
	Controls:    []string{"OWASP22-K03", "OWASP25-K02", "NSA"},
	Since:       "3",
	Subjects:    servers(),
	Check: audit.EachAPIServer(func(p *audit.Pass, s kube.APIServer) {
		if why, named := inFile(s, "authorization-config"); named {
			p.Unknown(why)
			return
		}
		modes := s.List("authorization-mode", "AlwaysAllow")
		f := audit.Finding{Detail: "The modes are " + strings.Join(modes, ", ") + "."}
		switch {
		case len(modes) == 0 || slices.Contains(modes, "AlwaysAllow"):
			f.Severity, f.Message = audit.Critical, "everybody may do everything: its mode is AlwaysAllow"
			f.Detail = "That is what it is where --authorization-mode is not set."
		case !slices.Contains(modes, "RBAC"):
			f.Message = "RBAC is not among its modes: roles and bindings have no effect"
		case !slices.Contains(modes, "Node"):
			f.Severity, f.Message = audit.Medium, "Node is not among its modes: what RBAC gives kubelets they have for every node"
		default:
			return
		}
		p.Report(about(s, "authorization-mode", f))
	}),
}
