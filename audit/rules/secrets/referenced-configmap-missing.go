package secrets

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var referencedConfigmapMissing = &audit.Rule{
	ID:       "referenced-configmap-missing",
	Title:    "A workload needs a ConfigMap that does not exist",
	Severity: audit.High,
	Rationale: "Containers that take variables from it are not started, and pods that mount it wait for it. " +
		"Those that run already stay until the next restart or rollout, and only then it shows.",
	Remediation: "Create the ConfigMap in the workload's own namespace, correct its name, or mark it as optional.",
	Controls:    []string{"OWASP22-K08", "OWASP25-K03"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Reads:       []kube.Resource{kube.ConfigMaps},
	Consults:    []kube.Resource{kube.Namespaces},
	Check:       judgeMissing(kube.ConfigMaps),
}
