package platform

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var apiServerStaticTokens = &audit.Rule{
	ID:       "api-server-static-tokens",
	Title:    "The API server knows people by tokens that never change",
	Severity: audit.High,
	Rationale: "A token of --token-auth-file is valid until somebody edits a file on each server and restarts it. It lies there " +
		"as it is, for whoever reads the disk or a backup of it.",
	Remediation: "Give people credentials of an identity provider (OIDC) and programs tokens of ServiceAccounts, then take " +
		"--token-auth-file out.",
	Controls: []string{"OWASP22-K06", "OWASP25-K09", "NSA"},
	Since:    "3",
	Subjects: servers(),
	Check: audit.EachAPIServer(func(p *audit.Pass, s kube.APIServer) {
		if s.Flag("token-auth-file", "") != "" {
			p.Report(about(s, "token-auth-file", audit.Finding{Message: "--token-auth-file is set"}))
		}
	}),
}
