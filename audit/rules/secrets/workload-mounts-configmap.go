package secrets

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var workloadMountsConfigmap = &audit.Rule{
	ID:       "workload-mounts-configmap",
	Title:    "A workload mounts a ConfigMap",
	Severity: audit.Info,
	Rationale: "No fault by itself. It says what changes the workload: whoever may write the ConfigMap decides, without a rollout, " +
		"what the files say a minute later.",
	Remediation: "Nothing, where that is meant. Make the ConfigMap immutable and give it a new name for each change " +
		"to have changes rolled out like code.",
	Controls: []string{"OWASP22-K08", "OWASP25-K03"},
	Since:    "2",
	Subjects: kube.WorkloadResources(),
	Consults: []kube.Resource{kube.ConfigMaps, kube.Namespaces},
	Check:    judgeMounts(kube.ConfigMaps),
}
