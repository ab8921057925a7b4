package hygiene

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var labelsKubernetesCommonMissing = &audit.Rule{
	ID:       "labels-kubernetes-common-missing",
	Title:    "The common labels of Kubernetes are missing",
	Severity: audit.Info,
	Rationale: "Tools group what belongs to an application by app.kubernetes.io/name and its like. Without them everyone invents a label, " +
		"and the same question is asked differently of each workload.",
	Remediation: "Add app.kubernetes.io/name, and the others where they say something, to the workload and to its pod template. " +
		"Leave selectors as they are: they cannot be changed.",
	Since:    "2",
	Subjects: kube.WorkloadResources(),
	Parameters: []audit.Parameter{{
		Name: wantedLabels, Value: []string{"app.kubernetes.io/name"},
		About: "Which of the common labels every workload and its pods should bear.",
	}},
	Admission: asksForLabels(),
	Check:     audit.EachWorkload(judgeLabels),
}
