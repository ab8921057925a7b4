package platform

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var apiServerEtcdUnprotected = &audit.Rule{
	ID:       "api-server-etcd-unprotected",
	Title:    "The API server talks to etcd without protection",
	Severity: audit.High,
	Rationale: "All that a cluster is, Secrets included, passes between the API server and etcd. In clear text anybody on the " +
		"way reads it; without an authority to check by, anybody can pretend to be etcd.",
	Remediation: "Serve etcd by https and name its authority by --etcd-cafile.",
	Controls:    []string{"OWASP22-K09", "OWASP25-K07", "NSA"},
	Since:       "3",
	Subjects:    servers(),
	Check: audit.EachAPIServer(func(p *audit.Pass, s kube.APIServer) {
		for _, server := range s.List("etcd-servers", "") {
			scheme, host, _ := strings.Cut(server, "://")
			switch {
			case scheme == "http" && !onSameMachine(host):
				p.Report(about(s, "etcd-servers", audit.Finding{Message: "it talks to etcd at " + server + " in clear text"}))
				return
			case scheme == "https" && s.Flag("etcd-cafile", "") == "":
				p.Report(about(s, "etcd-cafile", audit.Finding{
					Severity: audit.Medium,
					Message:  "--etcd-cafile is not set",
					Detail:   "It checks etcd by the authorities that its system trusts, which are those of the public web.",
				}))
				return
			}
		}
	}),
}

// onSameMachine reports whether what is sent to a host does not leave the machine.
func onSameMachine(host string) bool {
	return strings.HasPrefix(host, "127.") || strings.HasPrefix(host, "localhost:") || strings.HasPrefix(host, "[::1]")
}
