package workloadhealth

import (
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var rolloutStalled = &audit.Rule{
	ID:       "rollout-stalled",
	Title:    "A rollout makes no progress",
	Severity: audit.High,
	Rationale: "What was released does not come up, or its pods cannot even be created. The old version, as far as it is left, serves on; " +
		"nothing rolls back by itself.",
	Remediation: "See what ails the pods of the newest ReplicaSet, or, where creating them is refused, the message: a quota, an admission policy, a ServiceAccount that is missing. " +
		"`kubectl rollout undo` brings back what worked.",
	Since:    "2",
	Subjects: []kube.Resource{kube.Deployments},
	Check: audit.EachObject(kube.Deployments, func(c *kube.Cluster) kube.Table[*appsv1.Deployment] { return c.Deployments },
		func(p *audit.Pass, d *appsv1.Deployment) {
			switch {
			case len(d.Status.Conditions) == 0:
				p.NotApplicable() // a manifest, or not looked at yet
				return
			case d.Status.ObservedGeneration < d.Generation:
				p.Unknown(stale)
				return
			}
			c := stalled(d)
			if c == nil {
				return
			}
			message := "the rollout makes no progress"
			if c.Type == appsv1.DeploymentReplicaFailure {
				message = "its pods cannot be created"
			}
			p.Report(audit.Finding{
				Path:    "spec.template",
				Message: fmt.Sprintf("%s: %d of %d replicas are up to date, %d available", message, d.Status.UpdatedReplicas, replicas(d), d.Status.AvailableReplicas),
				Detail:  fmt.Sprintf("%s is %s (%s) since %s. %s", c.Type, c.Status, c.Reason, kube.Moment(c.LastTransitionTime), quote(c.Message)),
			})
		}),
}

func replicas(d *appsv1.Deployment) int32 {
	if d.Spec.Replicas == nil {
		return 1
	}
	return *d.Spec.Replicas
}

// stalled returns the condition by which a Deployment says that its rollout has
// stalled, nil if it does not. That pods are refused says more than that time
// is up. A paused one makes no progress on purpose.
func stalled(d *appsv1.Deployment) *appsv1.DeploymentCondition {
	var late *appsv1.DeploymentCondition
	for i := range d.Status.Conditions {
		c := &d.Status.Conditions[i]
		switch {
		case c.Type == appsv1.DeploymentReplicaFailure && c.Status == corev1.ConditionTrue:
			return c
		case c.Type == appsv1.DeploymentProgressing && c.Status == corev1.ConditionFalse && !d.Spec.Paused:
			late = c
		}
	}
	return late
}
