package platform

import (
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var apiServerAdmissionPlugins = &audit.Rule{
	ID:       "api-server-admission-plugins",
	Title:    "The API server admits without plugins that keep it safe",
	Severity: audit.Medium,
	Rationale: "Some admission plugins are what other parts rely on: NodeRestriction keeps a kubelet from changing other nodes " +
		"and their pods, PodSecurity is behind the labels of namespaces, and without ServiceAccount pods get no accounts.",
	Remediation: "Add NodeRestriction to --enable-admission-plugins, take AlwaysAdmit out of it, and take out of " +
		"--disable-admission-plugins what protects.",
	Controls: []string{"OWASP22-K09", "OWASP25-K07", "NSA"},
	Since:    "3",
	Subjects: servers(),
	Check: audit.EachAPIServer(func(p *audit.Pass, s kube.APIServer) {
		enabled, disabled := s.List("enable-admission-plugins", ""), s.List("disable-admission-plugins", "")
		var off []string
		for _, plugin := range protecting() {
			if slices.Contains(disabled, plugin) {
				off = append(off, plugin)
			}
		}
		switch {
		case slices.Contains(enabled, "AlwaysAdmit"):
			p.Report(about(s, "enable-admission-plugins", audit.Finding{Message: "AlwaysAdmit is enabled, which is for tests"}))
		case len(off) > 0:
			p.Report(about(s, "disable-admission-plugins", audit.Finding{
				Message: strings.Join(off, ", ") + " is disabled",
				Detail:  "It is on by default, and others rely on it.",
			}))
		case !slices.Contains(enabled, "NodeRestriction"):
			p.Report(about(s, "enable-admission-plugins", audit.Finding{
				Message: "NodeRestriction is not enabled: a kubelet may change any node that RBAC lets it",
				Detail:  "It is not on by default.",
			}))
		}
	}),
}

// protecting are plugins that are on by default and that the safety of a cluster rests on
// (https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/).
func protecting() []string {
	return []string{
		"CertificateApproval", "CertificateSigning", "CertificateSubjectRestriction", "MutatingAdmissionWebhook",
		"NamespaceLifecycle", "PodSecurity", "ServiceAccount", "ValidatingAdmissionPolicy", "ValidatingAdmissionWebhook",
	}
}
