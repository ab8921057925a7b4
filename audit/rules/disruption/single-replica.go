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
	Subjects: []kube.Resource{kube.Deployments, kube.StatefulSets, kube.ReplicaSets, kube.ReplicationControllers},
	Reads:    []kube.Resource{kube.Services, kube.HorizontalPodAutoscalers, kube.PersistentVolumeClaims},
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
			Path:    "spec.replicas",
			Message: "a Service sends traffic to its only replica",
			Detail:  "It keeps one replica, and nothing says that it must not run twice.",
		}
		const risk = "A workload that keeps state in its memory or on its disk may give different answers from each replica."
		scaling := p.Cluster.AutoscalersOf(w)
		if len(scaling) == 0 {
			fix := audit.SetField("run two replicas", f.Path, int64(several))
			fix.Risk = risk
			f.Fixes = []audit.Fix{fix}
			p.Report(f)
			return
		}
		h := scaling[0]
		f.Detail = "Its autoscaler " + kube.HorizontalPodAutoscalers.Ref("", h.Name).Short() +
			" may leave it one replica, and nothing says that it must not run twice."
		if len(scaling) == 1 && h.Spec.MaxReplicas >= several {
			f.Fixes = []audit.Fix{{
				Title: "have the autoscaler keep two replicas at least",
				Edits: []audit.Edit{{
					Object: kube.HorizontalPodAutoscalers.Ref(h.Namespace, h.Name), Path: "spec.minReplicas", Value: int64(several),
				}},
				Risk: risk,
			}}
		}
		p.Report(f)
	}),
}
