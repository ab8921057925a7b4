package platform

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var apiServerProfiling = &audit.Rule{
	ID:       "api-server-profiling",
	Title:    "The API server lets itself be profiled",
	Severity: audit.Low,
	Rationale: "Profiles show what a server does and make it work: who may ask for /debug/pprof can slow it down. The benchmark " +
		"of CIS wants it off.",
	Remediation: "Set --profiling=false.",
	Controls:    []string{"OWASP22-K09", "OWASP25-K07", "NSA"},
	Since:       "3",
	Subjects:    servers(),
	Check: audit.EachAPIServer(func(p *audit.Pass, s kube.APIServer) {
		if s.Flag("profiling", "true") == "true" {
			p.Report(about(s, "profiling", audit.Finding{Message: "--profiling is on, as it is by default"}))
		}
	}),
}
