package disruption

import (
	"fmt"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

const (
	// defaultGrace is how many seconds pods get to end that do not say (core/v1
	// PodSpec).
	defaultGrace = 30
	// shortGrace is how many seconds hardly suffice: the nodes hear of it one by
	// one that a pod gets no more traffic, and requests have to be answered.
	shortGrace = 10
)

var terminationGraceWithoutPrestop = &audit.Rule{
	ID:       "termination-grace-without-prestop",
	Title:    "A server has little time to end",
	Severity: audit.Info,
	Rationale: "When a pod is stopped, nodes go on sending it traffic for some seconds, until each has heard of it. " +
		"A server that is killed before that, or before it has answered what it took on, breaks connections at every rollout.",
	Remediation: "Leave terminationGracePeriodSeconds at 30 or more, and let a preStop hook wait some seconds (lifecycle.preStop.sleep) " +
		"before the program is told to end.",
	Since:    "2",
	Subjects: kube.WorkloadResources(),
	Reads:    []kube.Resource{kube.Services},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		if w.RunsToCompletion() || !served(p.Cluster, w) {
			p.NotApplicable()
			return
		}
		grace := int64(defaultGrace)
		if seconds := w.Pod.Spec.TerminationGracePeriodSeconds; seconds != nil {
			grace = *seconds
		}
		if grace >= shortGrace || waitsBeforeItEnds(w) {
			return
		}
		p.Report(audit.Finding{
			Path:    w.Field("terminationGracePeriodSeconds"),
			Message: fmt.Sprintf("a Service sends traffic to its pods, which get %d s to end", grace),
			Detail: fmt.Sprintf("terminationGracePeriodSeconds is %d, and no container has a preStop hook that lets traffic run out. Service %s selects the pods.",
				grace, firstService(p.Cluster, w)),
		})
	}),
}

// waitsBeforeItEnds reports whether a container does something before it is told
// to end.
func waitsBeforeItEnds(w *kube.Workload) bool {
	for c := range w.Containers() {
		if c.LongRunning() && c.Lifecycle != nil && c.Lifecycle.PreStop != nil {
			return true
		}
	}
	return false
}
