package disruption

import (
	appsv1 "k8s.io/api/apps/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var rolloutStrategyNotRolling = &audit.Rule{
	ID:       "rollout-strategy-not-rolling",
	Title:    "A new version is not rolled out pod by pod",
	Severity: audit.Low,
	Rationale: "With Recreate, every rollout stops all pods before the first new one starts, and users wait. " +
		"With OnDelete, nothing is rolled out until somebody deletes the pods: a security update can stay undone for months.",
	Remediation: "Use the strategy RollingUpdate, and a readiness probe for it to go by. " +
		"Keep Recreate where two versions must not run at the same time.",
	Since:    "1",
	Subjects: []kube.Resource{kube.Deployments, kube.StatefulSets, kube.DaemonSets},
	Reads:    []kube.Resource{kube.Services, kube.HorizontalPodAutoscalers, kube.PersistentVolumeClaims},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		switch o := w.Object.(type) {
		case *appsv1.Deployment:
			// Recreate is how a workload with one replica says that it must not
			// run twice, or mounts a volume that it could not mount twice.
			if _, ok := replicated(p.Cluster, w); !ok || !served(p.Cluster, w) || tiedToOneNode(p.Cluster, w) {
				p.NotApplicable()
			} else if o.Spec.Strategy.Type == appsv1.RecreateDeploymentStrategyType {
				reportRecreate(p)
			}
		case *appsv1.StatefulSet:
			reportOnDelete(p, string(o.Spec.UpdateStrategy.Type))
		case *appsv1.DaemonSet:
			reportOnDelete(p, string(o.Spec.UpdateStrategy.Type))
		default:
			p.NotApplicable()
		}
	}),
}

func reportRecreate(p *audit.Pass) {
	const path = "spec.strategy.type"
	fix := audit.SetField("replace the pods one after another", path, string(appsv1.RollingUpdateDeploymentStrategyType))
	fix.Risk = "The old and the new version run at the same time during a rollout."
	p.Report(audit.Finding{
		Path:    path,
		Message: "every rollout stops all its pods first",
		Detail:  "The strategy is Recreate, and a Service sends traffic to the pods.",
		Fixes:   []audit.Fix{fix},
	})
}

// reportOnDelete judges the strategy of a StatefulSet or DaemonSet, which have
// the same names.
func reportOnDelete(p *audit.Pass, strategy string) {
	if strategy != string(appsv1.OnDeleteDaemonSetStrategyType) {
		return
	}
	const path = "spec.updateStrategy.type"
	fix := audit.SetField("roll changes out by themselves", path, string(appsv1.RollingUpdateDaemonSetStrategyType))
	fix.Risk = "Pods that still run an older template are replaced at once, one after another."
	p.Report(audit.Finding{
		Path:    path,
		Message: "changes wait until somebody deletes its pods",
		Detail:  "The update strategy is OnDelete.",
		Fixes:   []audit.Fix{fix},
	})
}
