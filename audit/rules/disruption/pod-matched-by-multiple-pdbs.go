package disruption

import (
	"fmt"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var podMatchedByMultiplePdbs = &audit.Rule{
	ID:       "pod-matched-by-multiple-pdbs",
	Title:    "Several budgets select the same pods",
	Severity: audit.High,
	Rationale: "The eviction API answers with an error for a pod that more than one budget selects, " +
		"so that its node cannot be drained at all.",
	Remediation: "Leave one budget for the pods: narrow the selector of the wider one, or delete it.",
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Reads:       []kube.Resource{kube.PodDisruptionBudgets},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		budgets := p.Cluster.BudgetsSelecting(w)
		if len(budgets) == 0 {
			p.NotApplicable()
			return
		}
		if len(budgets) == 1 {
			return
		}
		names := make([]string, len(budgets))
		for i, b := range budgets {
			names[i] = kube.PodDisruptionBudgets.Ref("", b.Name).Short()
		}
		p.Report(audit.Finding{
			Path:    w.MetadataPath() + ".labels",
			Message: fmt.Sprintf("%d budgets select its pods", len(budgets)),
			Detail:  "They are " + strings.Join(names, ", ") + "; evictions fail as long as there is more than one.",
		})
	}),
}
