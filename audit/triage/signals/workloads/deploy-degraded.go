package workloads

import (
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// settling is for how long a workload may lack replicas after it was scaled.
const settling = 3 * time.Minute

var deployDegraded = &triage.Detector{
	ID:    "deploy-degraded",
	Title: "A Deployment lacks replicas",
	About: "It has fewer available replicas than it declares, no more than its strategy allows (else deploy-unavailable tells it), and no rollout " +
		"is under way. Within three minutes after an autoscaler scaled it that is to be expected. Since when it is so no count records: it is told by the pods that are not ready.",
	Reads: []kube.Resource{kube.Deployments, kube.Pods},
	Helps: []kube.Resource{kube.HorizontalPodAutoscalers, kube.Services, kube.PodDisruptionBudgets},
	Rung:  triage.Effects,
	After: settling,
	Paged: 15 * time.Minute,
	Check: func(p *triage.Pass) {
		for _, d := range p.Cluster.Deployments.In(p.Namespace) {
			want := declared(d.Spec.Replicas)
			if d.Status.AvailableReplicas >= want || d.DeletionTimestamp != nil || d.Spec.Paused {
				continue
			}
			if is, known := deploymentCondition(d, appsv1.DeploymentAvailable); known && is.Status == corev1.ConditionFalse {
				continue
			}
			w := p.Cluster.Workload(kube.Deployments.Ref(d.Namespace, d.Name))
			if w == nil || triage.Idle(p.Cluster, w) {
				continue
			}
			if _, rolling := triage.Rolling(w); rolling {
				continue
			}
			since := unreadySince(p.Cluster, w)
			for _, h := range p.Cluster.AutoscalersOf(w) {
				if h.Status.LastScaleTime != nil && !since.IsZero() {
					since = later(since, h.Status.LastScaleTime.Time)
				}
			}
			p.Report(triage.Signal{Object: w.Ref, Since: since, Message: available(d.Status.AvailableReplicas, want)})
		}
	},
}
