package secrets

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var workloadMountsSecret = &audit.Rule{
	ID:       "workload-mounts-secret",
	Title:    "A workload mounts a Secret",
	Severity: audit.Info,
	Rationale: "No fault by itself: files are the better way to hand a Secret over. It says what an intruder in the workload " +
		"gets hold of, and who has to be told when the Secret is replaced.",
	Remediation: "Nothing, where the workload needs it. Otherwise take the volume out, or mount only the keys needed (items).",
	Controls:    []string{"OWASP22-K08", "OWASP25-K03"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Consults:    []kube.Resource{kube.Secrets, kube.Namespaces},
	Check:       judgeMounts(kube.Secrets),
}
