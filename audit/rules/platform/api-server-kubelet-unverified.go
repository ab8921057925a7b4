package platform

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var apiServerKubeletUnverified = &audit.Rule{
	ID:       "api-server-kubelet-unverified",
	Title:    "The API server does not check whom it talks to on nodes",
	Severity: audit.Medium,
	Rationale: "For logs, exec and port-forward the API server connects to kubelets. If it does not verify their certificates, " +
		"who is between them reads and changes what passes, with the credentials of the server.",
	Remediation: "Have kubelets use serving certificates that the cluster signs (serverTLSBootstrap), and name the authority by " +
		"--kubelet-certificate-authority.",
	Controls: []string{"OWASP22-K09", "OWASP25-K07", "NSA"},
	Since:    "3",
	Subjects: servers(),
	Check: audit.EachAPIServer(func(p *audit.Pass, s kube.APIServer) {
		if s.Flag("kubelet-certificate-authority", "") == "" {
			p.Report(about(s, "kubelet-certificate-authority", audit.Finding{
				Message: "--kubelet-certificate-authority is not set",
				Detail:  "It connects to a kubelet whatever certificate that shows.",
			}))
		}
	}),
}
