package workloadhealth

import (
	"math"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// stale is why there is no verdict on an object whose controller has not caught
// up with what it declares.
const stale = "its controller has not yet looked at what it declares now"

var workloadReplicasUnavailable = &audit.Rule{
	ID:       "workload-replicas-unavailable",
	Title:    "A workload runs fewer replicas than it declares",
	Severity: audit.High,
	Rationale: "The replicas that are left carry the load of those that are missing; with none left, nobody is served. " +
		"Autoscalers and budgets reckon with replicas that are not there.",
	Remediation: "Look at the pods that are not ready, and at the events of the workload where pods are missing altogether: " +
		"a quota or an admission policy may refuse them.",
	Since:    "2",
	Subjects: []kube.Resource{kube.Deployments, kube.StatefulSets},
	Reads:    []kube.Resource{kube.Pods},
	Consults: []kube.Resource{kube.ReplicaSets, kube.Events},
	Timed:    true,
	Parameters: []audit.Parameter{{
		Name:  "graceMinutes",
		About: "For how many minutes replicas may be missing, where no progressDeadlineSeconds says so: rollouts and restarts take that long.",
		Value: 10,
	}},
	Check: eachOf([]kube.Resource{kube.Deployments, kube.StatefulSets}, func(p *audit.Pass, w *kube.Workload) {
		s := shortfall{grace: p.Number("graceMinutes")}
		switch o := w.Object.(type) {
		case *appsv1.Deployment:
			if o.Status.ObservedGeneration == 0 && len(o.Status.Conditions) == 0 {
				p.NotApplicable() // a manifest
				return
			}
			if o.Status.ObservedGeneration < o.Generation {
				p.Unknown(stale)
				return
			}
			s.have, s.what = o.Status.AvailableReplicas, "available"
			s.ofDeployment(o)
		case *appsv1.StatefulSet:
			if o.Status.ObservedGeneration == 0 && o.Status.Replicas == 0 {
				p.NotApplicable()
				return
			}
			if o.Status.ObservedGeneration < o.Generation {
				p.Unknown(stale)
				return
			}
			s.have, s.what = o.Status.ReadyReplicas, "ready"
		}
		s.want = *w.Replicas
		if s.want == 0 {
			p.NotApplicable()
			return
		}
		if s.have < s.want {
			s.report(p, w)
		}
	}),
}

// ofDeployment takes over what a Deployment says of its own progress.
func (s *shortfall) ofDeployment(d *appsv1.Deployment) {
	if deadline := d.Spec.ProgressDeadlineSeconds; deadline != nil && *deadline != math.MaxInt32 {
		s.grace = minutes(*deadline)
	}
	for i := range d.Status.Conditions {
		c := &d.Status.Conditions[i]
		if c.Type == appsv1.DeploymentAvailable && c.Status == corev1.ConditionFalse {
			s.since = &c.LastTransitionTime
		}
	}
	if stalled(d) != nil {
		s.implied = rolloutStalled.ID
	}
}
