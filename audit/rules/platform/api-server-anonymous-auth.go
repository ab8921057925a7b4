package platform

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var apiServerAnonymousAuth = &audit.Rule{
	ID:       "api-server-anonymous-auth",
	Title:    "The API server answers people it does not know",
	Severity: audit.Low,
	Rationale: "Requests without credentials are those of system:anonymous. By itself that one may ask for versions and health; " +
		"one binding too many, or a fault like CVE-2018-1002105, and the whole world may do more.",
	Remediation: "Let only the paths of health checks be asked for without credentials, by anonymous.conditions of an " +
		"AuthenticationConfiguration (--authentication-config), or switch it off with --anonymous-auth=false where " +
		"nothing asks so.",
	Controls: []string{"OWASP22-K06", "OWASP25-K09", "NSA"},
	Since:    "3",
	Subjects: servers(),
	Check: audit.EachAPIServer(func(p *audit.Pass, s kube.APIServer) {
		if why, named := inFile(s, "authentication-config"); named {
			p.Unknown(why)
			return
		}
		if s.Flag("anonymous-auth", "true") == "true" {
			p.Report(about(s, "anonymous-auth", audit.Finding{
				Message: "requests without credentials are answered, on every path",
				Detail:  "--anonymous-auth is on, as it is by default. What it lets be done is up to the bindings of system:anonymous and system:unauthenticated.",
			}))
		}
	}),
}
