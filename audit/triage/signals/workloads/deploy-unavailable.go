package workloads

import (
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var deployUnavailable = &triage.Detector{
	ID:    "deploy-unavailable",
	Title: "A Deployment has fewer replicas than it may lack",
	About: "The condition Available of a Deployment is False with MinimumReplicasUnavailable: more replicas are missing than its rolling update allows " +
		"(spec.strategy.rollingUpdate.maxUnavailable). A Deployment that is recreated has none for a while, by design, and one that is scaled to zero wants none.",
	Reads: []kube.Resource{kube.Deployments, kube.Pods},
	Helps: []kube.Resource{kube.HorizontalPodAutoscalers, kube.Services, kube.PodDisruptionBudgets},
	Rung:  triage.Effects,
	After: time.Minute,
	Paged: 15 * time.Minute,
	Check: func(p *triage.Pass) {
		for _, d := range p.Cluster.Deployments.In(p.Namespace) {
			is, known := deploymentCondition(d, appsv1.DeploymentAvailable)
			if !known || is.Status != corev1.ConditionFalse || d.DeletionTimestamp != nil {
				continue
			}
			w := p.Cluster.Workload(kube.Deployments.Ref(d.Namespace, d.Name))
			if w == nil || triage.Idle(p.Cluster, w) {
				continue
			}
			p.Report(triage.Signal{
				Object: w.Ref, Since: is.LastTransitionTime.Time, Raw: is.Message,
				Mild:    d.Spec.Strategy.Type == appsv1.RecreateDeploymentStrategyType,
				Message: available(d.Status.AvailableReplicas, declared(d.Spec.Replicas)),
			})
		}
	},
}
