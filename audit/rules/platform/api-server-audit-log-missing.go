package platform

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var apiServerAuditLogMissing = &audit.Rule{
	ID:       "api-server-audit-log-missing",
	Title:    "The API server keeps no record of who did what",
	Severity: audit.Medium,
	Rationale: "After a break-in, or after an object was deleted on a Friday, nobody can tell who did it, from where, and what " +
		"else they did.",
	Remediation: "Write an audit policy, name it by --audit-policy-file, and send what it selects to a file that is collected " +
		"(--audit-log-path) or to a webhook (--audit-webhook-config-file). Begin with the level Metadata for everything.",
	Controls: []string{"OWASP22-K05", "OWASP25-K10", "NSA"},
	Since:    "3",
	Subjects: servers(),
	Check: audit.EachAPIServer(func(p *audit.Pass, s kube.APIServer) {
		log, webhook := s.Flag("audit-log-path", ""), s.Flag("audit-webhook-config-file", "")
		switch {
		case log == "" && webhook == "":
			p.Report(about(s, "audit-log-path", audit.Finding{
				Message: "neither --audit-log-path nor --audit-webhook-config-file is set",
				Detail:  "Nothing is recorded of what anybody asks of the API server.",
			}))
		case s.Flag("audit-policy-file", "") == "":
			p.Report(about(s, "audit-policy-file", audit.Finding{
				Message: "no --audit-policy-file says what to record",
				Detail:  "Without a policy nothing is recorded, wherever it would go.",
			}))
		}
	}),
}
