package hygiene

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var priorityClassNotFound = &audit.Rule{
	ID:       "priority-class-not-found",
	Title:    "The PriorityClass of a workload does not exist",
	Severity: audit.High,
	Rationale: "The API server refuses pods that name a PriorityClass which is not there. " +
		"Pods that run already stay, so that it shows at the next restart or rollout, when no new pod comes.",
	Remediation: "Correct priorityClassName, or create the PriorityClass before the workload.",
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Reads:       []kube.Resource{kube.PriorityClasses},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		name := w.Pod.Spec.PriorityClassName
		if name == "" {
			p.NotApplicable()
			return
		}
		if builtIn(name) {
			return
		}
		if _, exists := p.Cluster.PriorityClasses.Get("", name); exists {
			return
		}
		if p.Cluster.Info.Offline {
			p.Unknown("PriorityClass " + name + " is not among the manifests; the cluster may have it")
			return
		}
		p.Report(audit.Finding{
			Path:    w.Field("priorityClassName"),
			Message: fmt.Sprintf("PriorityClass %s does not exist", name),
			Detail:  fmt.Sprintf("The cluster has %d PriorityClasses, none of that name.", p.Cluster.PriorityClasses.Len()),
		})
	}),
}

// builtIn reports whether the API server itself keeps a PriorityClass there
// (pkg/apis/scheduling/v1/helpers.go).
func builtIn(class string) bool {
	return class == "system-cluster-critical" || class == "system-node-critical"
}
