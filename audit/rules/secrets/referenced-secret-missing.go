package secrets

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var referencedSecretMissing = &audit.Rule{
	ID:       "referenced-secret-missing",
	Title:    "A workload needs a Secret that does not exist",
	Severity: audit.High,
	Rationale: "Containers that take variables from it are not started, and pods that mount it wait for it. " +
		"Those that run already stay until the next restart or rollout, and only then it shows.",
	Remediation: "Create the Secret in the workload's own namespace, correct its name, or mark it as optional. " +
		"See to what should have made it, if that is an operator.",
	Controls: []string{"OWASP22-K08", "OWASP25-K03"},
	Since:    "2",
	Subjects: kube.WorkloadResources(),
	Reads:    []kube.Resource{kube.Secrets},
	Consults: []kube.Resource{kube.Namespaces},
	Check:    judgeMissing(kube.Secrets),
}
