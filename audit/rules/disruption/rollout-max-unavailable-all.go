package disruption

import (
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var rolloutMaxUnavailableAll = &audit.Rule{
	ID:       "rollout-max-unavailable-all",
	Title:    "A rollout may stop all pods at once",
	Severity: audit.Medium,
	Rationale: "During a rollout the Service may be left without any pod. " +
		"If the new version does not start, it stays without.",
	Remediation: "Set strategy.rollingUpdate.maxUnavailable below the number of replicas, to 25% or 1; " +
		"with one replica to 0, and maxSurge to 1.",
	Since:    "1",
	Subjects: []kube.Resource{kube.Deployments},
	Reads:    []kube.Resource{kube.Services, kube.HorizontalPodAutoscalers, kube.PersistentVolumeClaims},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		d, isDeployment := w.Object.(*appsv1.Deployment)
		replicas, known := p.Cluster.DesiredReplicas(w)
		if !isDeployment || !known || replicas == 0 || !served(p.Cluster, w) || singleton(p.Cluster, w) {
			p.NotApplicable()
			return
		}
		surge, unavailable, err := rollout(d.Spec.Strategy.RollingUpdate, int(replicas))
		if err != nil {
			p.Unknown(err.Error())
			return
		}
		if unavailable < int(replicas) {
			return
		}
		message := fmt.Sprintf("a rollout may stop all %d replicas at once", replicas)
		if replicas == 1 {
			message = "a rollout may stop its only replica first"
		}
		p.Report(audit.Finding{
			Path:    "spec.strategy.rollingUpdate.maxUnavailable",
			Message: message,
			Detail:  fmt.Sprintf("maxUnavailable comes to %d and maxSurge to %d of %d replicas.", unavailable, surge, replicas),
			Fixes:   []audit.Fix{keepServing(int(replicas), surge)},
		})
	}),
}

// rollout returns how many pods a rollout may start in addition, and how many
// it may stop. MaxSurge is rounded up and maxUnavailable down, both are 25 % by
// default, and if both come to nothing one pod may be stopped
// (ResolveFenceposts in pkg/controller/deployment/util).
func rollout(r *appsv1.RollingUpdateDeployment, replicas int) (surge, unavailable int, err error) {
	share := intstr.FromString("25%")
	maxSurge, maxUnavailable := &share, &share
	if r != nil && r.MaxSurge != nil {
		maxSurge = r.MaxSurge
	}
	if r != nil && r.MaxUnavailable != nil {
		maxUnavailable = r.MaxUnavailable
	}
	if surge, err = intstr.GetScaledValueFromIntOrPercent(maxSurge, replicas, true); err != nil {
		return 0, 0, fmt.Errorf("reading maxSurge: %w", err)
	}
	if unavailable, err = intstr.GetScaledValueFromIntOrPercent(maxUnavailable, replicas, false); err != nil {
		return 0, 0, fmt.Errorf("reading maxUnavailable: %w", err)
	}
	if surge == 0 && unavailable == 0 {
		unavailable = 1
	}
	return surge, unavailable, nil
}

// keepServing is the fix that leaves a pod standing during a rollout.
func keepServing(replicas, surge int) audit.Fix {
	const in = "spec.strategy.rollingUpdate."
	if replicas > 1 {
		fix := audit.SetField("stop one pod at a time", in+"maxUnavailable", int64(1))
		fix.Risk = "Rollouts take longer."
		return fix
	}
	fix := audit.SetField("start the new pod before the old one is stopped", in+"maxUnavailable", int64(0))
	fix.Risk = "A rollout needs room for one more pod, and both versions run for a moment."
	if surge == 0 {
		fix.Edits = append(fix.Edits, audit.Edit{Op: audit.Set, Path: in + "maxSurge", Value: int64(1)})
	}
	return fix
}
