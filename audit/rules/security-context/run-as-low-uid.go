package securitycontext

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var runAsLowUID = &audit.Rule{
	ID:       "run-as-low-uid",
	Title:    "User that the node may have as well",
	Severity: audit.Info,
	Rationale: "Users of containers are those of the node by number. A process that leaves its container as user 1000 " +
		"may find files of a person or a service of that number.",
	Remediation: "Set runAsUser to a number of 10000 or more that may read what the image brings along, or put the pod " +
		"in a user namespace (hostUsers: false).",
	Controls:  []string{"CIS-5.7.3", "OWASP22-K01", "OWASP25-K01"},
	Since:     "2",
	Subjects:  kube.WorkloadResources(),
	Admission: asksForHighID("runAsUser"),
	Check: eachLowID(identity{
		field: "runAsUser", noun: "user",
		of:    func(sc *corev1.SecurityContext) *int64 { return sc.RunAsUser },
		ofPod: func(sc *corev1.PodSecurityContext) *int64 { return sc.RunAsUser },
	}),
}
