package hygiene

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var priorityClassMissing = &audit.Rule{
	ID:       "priority-class-missing",
	Title:    "A workload has no priority",
	Severity: audit.Info,
	Rationale: "When the nodes are full, the scheduler makes room by priority, and the kubelet evicts by it. " +
		"Where all pods have the same, what users wait for has no precedence over a batch job.",
	Remediation: "Decide on a few PriorityClasses for the cluster, say for what users see, for all else and for what may wait; " +
		"name one in each workload, or make one the default (globalDefault).",
	Since:    "2",
	Subjects: kube.WorkloadResources(),
	Reads:    []kube.Resource{kube.PriorityClasses},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		if w.Pod.Spec.PriorityClassName != "" || defaultClass.Of(p.Cluster) {
			return
		}
		p.Report(audit.Finding{Path: w.Field("priorityClassName"), Message: "it names no PriorityClass, and none is the default"})
	}),
}

// defaultClass says whether one PriorityClass is for pods that name none.
var defaultClass = kube.Derive(func(c *kube.Cluster) bool {
	for class := range c.PriorityClasses.All() {
		if class.GlobalDefault {
			return true
		}
	}
	return false
}).From(kube.PriorityClasses)
