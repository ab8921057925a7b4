package securitycontext

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var windowsRunAsUserName = &audit.Rule{
	ID:       "windows-run-as-user-name",
	Title:    "Windows user left to the image",
	Severity: audit.Info,
	Rationale: "Without runAsUserName the image decides as whom the program runs, and many images for Windows run as " +
		"ContainerAdministrator, who may change everything in the container.",
	Remediation: "Set windowsOptions.runAsUserName to ContainerUser if the program needs no more.",
	Controls:    []string{"CIS-5.7.3", "OWASP22-K01", "OWASP25-K01"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Admission:   asksOfWindows("runAsUserName"),
	Check: eachWithoutWindowsOption("runAsUserName", "pod leaves its Windows user to the images",
		func(o *corev1.WindowsSecurityContextOptions) bool { return o.RunAsUserName != nil }),
}
