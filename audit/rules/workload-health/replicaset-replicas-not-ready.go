package workloadhealth

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var replicasetReplicasNotReady = &audit.Rule{
	ID:       "replicaset-replicas-not-ready",
	Title:    "A ReplicaSet of its own lacks ready replicas",
	Severity: audit.High,
	Rationale: "The replicas that are left carry the load of those that are missing. " +
		"Those of a Deployment are not judged here: the Deployment tells.",
	Remediation: "Look at the pods that are not ready, and at the events of the ReplicaSet where pods are missing altogether.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.ReplicaSets, kube.ReplicationControllers},
	Reads:       []kube.Resource{kube.Pods},
	Consults:    []kube.Resource{kube.Events},
	Timed:       true,
	Parameters: []audit.Parameter{{
		Name:  "graceMinutes",
		About: "For how many minutes replicas may not be ready.",
		Value: 10,
	}},
	Check: eachOf([]kube.Resource{kube.ReplicaSets, kube.ReplicationControllers}, func(p *audit.Pass, w *kube.Workload) {
		s := shortfall{what: "ready", grace: p.Number("graceMinutes")}
		observed := int64(0)
		switch o := w.Object.(type) {
		case *kube.ReplicaSet:
			s.have, observed = o.Status.ReadyReplicas, o.Status.ObservedGeneration
		case *corev1.ReplicationController:
			s.have, observed = o.Status.ReadyReplicas, o.Status.ObservedGeneration
		}
		if *w.Replicas == 0 || observed == 0 {
			p.NotApplicable()
			return
		}
		s.want = *w.Replicas
		if s.have < s.want {
			s.report(p, w)
		}
	}),
}
