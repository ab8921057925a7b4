package hygiene

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var labelsRecommendedMissing = &audit.Rule{
	ID:       "labels-recommended-missing",
	Title:    "A label that you ask for is missing",
	Severity: audit.Info,
	Rationale: "What bears no label of its team, application or environment is left out by whoever selects by it: " +
		"dashboards, alerts, bills, network policies.",
	Remediation: "Add the labels to the workload and to its pod template. Labels of a selector cannot be changed later.",
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Parameters: []audit.Parameter{{
		Name: wantedLabels, Value: []string{},
		About: "Labels that every workload and its pods should bear, as owner, team, env. None are asked for by default.",
	}},
	Admission: asksForLabels(),
	Check:     audit.EachWorkload(judgeLabels),
}
