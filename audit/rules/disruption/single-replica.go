package disruption

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var singleReplica = &audit.Rule{
	ID:       "single-replica",
	Title:    "A service depends on a single pod",
	Severity: audit.Medium,
	Rationale: "When the pod's node is drained or lost, or the pod is killed, " +
		"the Service has no endpoint until another pod has been started and is ready.",
	Remediation: "Run two replicas or more. If the workload must not run twice, say so by strategy.type: Recreate, " +
		"which keeps rollouts from doing it as well.",
	Since:    "1",
	Subjects: kube.ScaledResources(),
	Reads: []kube.Resource{
		kube.Services, kube.HorizontalPodAutoscalers, kube.PodDisruptionBudgets, kube.PersistentVolumeClaims,
	},
	Consults: []kube.Resource{kube.Namespaces},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		replicas, known := p.Cluster.DesiredReplicas(w)
		if !known || replicas == 0 || !served(p.Cluster, w) || singleton(p.Cluster, w) {
			p.NotApplicable()
			return
		}
		if replicas >= several {
			return
		}
		f := audit.Finding{
			Path:    replicasField(w),
			Message: "a Service sends traffic to its only replica",
			Detail:  "It keeps one replica, and nothing says that it must not run twice.",
		}
		more, scaled := keeping(w, several)
		if scaling := p.Cluster.AutoscalersOf(w); len(scaling) > 0 {
			h := scaling[0]
			f.Detail = "Its autoscaler " + kube.HorizontalPodAutoscalers.Ref("", h.Name).Short() +
				" may leave it one replica, and nothing says that it must not run twice."
			if len(scaling) > 1 || h.Spec.MaxReplicas < several {
				p.Report(f)
				return
			}
			more.Object, more.Path, scaled = kube.HorizontalPodAutoscalers.Ref(h.Namespace, h.Name), "spec.minReplicas", true
		}
		if !scaled {
			p.Report(f)
			return
		}
		f.Fixes = []audit.Fix{second(p.Cluster, w, more)}
		p.Report(f)
	}),
}

// second is the fix that adds a replica by an edit. Two replicas help only if
// they are not lost together, so that it brings what keeps them apart and what
// keeps a drain from taking both.
func second(c *kube.Cluster, w *kube.Workload, more audit.Edit) audit.Fix {
	fix := audit.Fix{
		Title: "run two replicas, on different nodes, one of which may be evicted",
		Edits: []audit.Edit{more},
		Risk:  "A workload that keeps state in its memory or on its disk may give different answers from each replica.",
	}
	selector := w.LabelSelector()
	if selector == nil {
		return fix
	}
	if !isSpread(c, w) {
		fix.Edits = append(fix.Edits, spreadOverNodes(w, selector))
	}
	if len(c.BudgetsSelecting(w)) == 0 {
		fix.New = []audit.Object{budgetFor(c, w, selector, 1)}
	}
	return fix
}
