package securitycontext

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// SETPCAP, which some lists have as well, is among the runtime's defaults and
// allowed by Pod Security: adding it gives nothing that the others do.
var dangerousCapabilities = &audit.Rule{
	ID:       "dangerous-capabilities",
	Title:    "Capabilities that lead to the node",
	Severity: audit.High,
	Rationale: "With one of these capabilities a program can change the kernel, its networks or other processes, " +
		"and whoever takes the container over has a known way out of it.",
	Remediation: "Remove the capability, or move what needs it into a small workload of its own in a namespace that few can change.",
	Controls:    []string{"PSS-baseline", "NSA", "OWASP22-K01", "OWASP25-K01", "MITRE-T1611"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Admission:   asksNotToAdd(leadingToTheNode()...),
	Check:       eachAdding("programs have used to leave their container", leadingToTheNode()...),
}

func leadingToTheNode() []corev1.Capability {
	return []corev1.Capability{
		"ALL", "SYS_ADMIN", "NET_ADMIN", "NET_RAW", "SYS_MODULE", "SYS_RAWIO", "SYS_PTRACE", "SYS_BOOT",
		"MAC_OVERRIDE", "MAC_ADMIN", "PERFMON", "BPF",
	}
}
