package securitycontext

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var windowsGMSANotSet = &audit.Rule{
	ID:       "windows-gmsa-not-set",
	Title:    "No group-managed service account",
	Severity: audit.Info,
	Rationale: "Only programs that sign in to Active Directory need an identity of its own kind; for those a group-managed " +
		"service account spares passwords in files. For all others nothing is missing.",
	Remediation: "Where the program signs in to Active Directory, name a credential spec in windowsOptions.gmsaCredentialSpecName.",
	Controls:    []string{"CIS-5.7.3", "OWASP22-K01", "OWASP25-K01"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Admission:   asksOfWindows("gmsaCredentialSpecName", "gmsaCredentialSpec"),
	Check: eachWithoutWindowsOption("gmsaCredentialSpecName", "pod has no identity in Active Directory",
		func(o *corev1.WindowsSecurityContextOptions) bool {
			return o.GMSACredentialSpecName != nil || o.GMSACredentialSpec != nil
		}),
}
