package securitycontext

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var runAsLowGID = &audit.Rule{
	ID:       "run-as-low-gid",
	Title:    "Group that the node may have as well",
	Severity: audit.Info,
	Rationale: "Groups of containers are those of the node by number, and what neither image nor manifest names is group 0. " +
		"A process that leaves its container may write what that group may.",
	Remediation: "Set runAsGroup to a number of 10000 or more, or put the pod in a user namespace (hostUsers: false).",
	Controls:    []string{"CIS-5.7.3", "OWASP22-K01", "OWASP25-K01"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Admission:   asksForHighID("runAsGroup"),
	Check: eachLowID(identity{
		field: "runAsGroup", noun: "group",
		of:    func(sc *corev1.SecurityContext) *int64 { return sc.RunAsGroup },
		ofPod: func(sc *corev1.PodSecurityContext) *int64 { return sc.RunAsGroup },
	}),
}
