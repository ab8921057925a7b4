package workloads

import (
	"fmt"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var deployDeadline = &triage.Detector{
	ID:    "deploy-deadline",
	Title: "A rollout does not get on",
	About: "The condition Progressing of a Deployment is False with ProgressDeadlineExceeded: for spec.progressDeadlineSeconds (600 by default) " +
		"no pod of the new template became available. Kubernetes does nothing about it. As long as the pods of the old template serve, users " +
		"notice little. A Deployment that is paused has no deadline.",
	Reads: []kube.Resource{kube.Deployments, kube.Pods},
	Rung:  triage.Effects,
	Paged: 15 * time.Minute,
	Check: func(p *triage.Pass) {
		for _, d := range p.Cluster.Deployments.In(p.Namespace) {
			progress, known := deploymentCondition(d, appsv1.DeploymentProgressing)
			if !known || progress.Status != corev1.ConditionFalse || progress.Reason != "ProgressDeadlineExceeded" ||
				d.Spec.Paused || d.DeletionTimestamp != nil {
				continue
			}
			s := triage.Signal{
				Object: kube.Deployments.Ref(d.Namespace, d.Name), Since: progress.LastTransitionTime.Time, Raw: progress.Message,
				Message: fmt.Sprintf("rollout stuck at %d/%d updated, %s", d.Status.UpdatedReplicas, declared(d.Spec.Replicas),
					available(d.Status.AvailableReplicas, declared(d.Spec.Replicas))),
			}
			switch {
			case d.Status.AvailableReplicas >= declared(d.Spec.Replicas):
				s.Severity, s.Cause = triage.S3, "old-serves"
			case d.Status.AvailableReplicas > 0:
				s.Severity = triage.S2
			}
			p.Report(s)
		}
	},
}
