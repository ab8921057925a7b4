package platform

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var apiServerTLSWeak = &audit.Rule{
	ID:       "api-server-tls-weak",
	Title:    "The API server speaks TLS that is broken",
	Severity: audit.Medium,
	Rationale: "TLS 1.0 and 1.1 and some cipher suites can be broken by who is between a client and the server; tokens and " +
		"Secrets go over these connections.",
	Remediation: "Leave --tls-min-version at VersionTLS12 or set VersionTLS13, and take the named suites out of " +
		"--tls-cipher-suites.",
	Controls: []string{"OWASP22-K09", "OWASP25-K07", "NSA"},
	Since:    "3",
	Subjects: servers(),
	Check: audit.EachAPIServer(func(p *audit.Pass, s kube.APIServer) {
		if least := s.Flag("tls-min-version", ""); least == "VersionTLS10" || least == "VersionTLS11" {
			p.Report(about(s, "tls-min-version", audit.Finding{Message: "it accepts " + strings.Replace(least, "VersionTLS1", "TLS 1.", 1)}))
			return
		}
		if insecure := s.InsecureCipherSuites(); len(insecure) > 0 {
			p.Report(about(s, "tls-cipher-suites", audit.Finding{
				Message: "it accepts " + strings.Join(insecure, ", "),
				Detail:  "Go lists these suites as insecure (crypto/tls).",
			}))
		}
	}),
}
