package scheduling

import (
	"slices"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// shortOwner returns the workload on top of what an event of a failed creation is
// about, and whether that still has fewer pods than it should.
func shortOwner(c *kube.Cluster, e *corev1.Event) (owner kube.Ref, short bool) {
	namespace, name := e.Namespace, e.InvolvedObject.Name
	switch e.InvolvedObject.Kind {
	case kube.Deployments.Kind:
		d, ok := c.Deployments.Get(namespace, name)
		return kube.Deployments.Ref(namespace, name), ok && d.DeletionTimestamp == nil && d.Status.UpdatedReplicas < desired(d.Spec.Replicas)
	case kube.ReplicaSets.Kind:
		return shortReplicaSet(c, namespace, name)
	case kube.StatefulSets.Kind:
		s, ok := c.StatefulSets.Get(namespace, name)
		return kube.StatefulSets.Ref(namespace, name), ok && s.DeletionTimestamp == nil && s.Status.Replicas < desired(s.Spec.Replicas)
	case kube.DaemonSets.Kind:
		d, ok := c.DaemonSets.Get(namespace, name)
		return kube.DaemonSets.Ref(namespace, name), ok && d.DeletionTimestamp == nil && d.Status.CurrentNumberScheduled < d.Status.DesiredNumberScheduled
	case kube.Jobs.Kind:
		return shortJob(c, namespace, name)
	case kube.CronJobs.Kind:
		return shortCronJob(c, e)
	}
	return owner, false
}

func shortReplicaSet(c *kube.Cluster, namespace, name string) (owner kube.Ref, short bool) {
	set, ok := c.ReplicaSets.Get(namespace, name)
	if !ok {
		return owner, false
	}
	owner = kube.ReplicaSets.Ref(namespace, name)
	if !set.Owner.IsZero() {
		owner = kube.Ref{Group: set.Owner.Group, Kind: set.Owner.Kind, Namespace: namespace, Name: set.Owner.Name}
	}
	if _, held := c.Deployments.Get(namespace, owner.Name); held && owner.Kind == kube.Deployments.Kind {
		return owner, false // a Deployment says so itself, for as long as it is so
	}
	return owner, set.Replicas > 0 && set.Status.Replicas < set.Replicas
}

func shortCronJob(c *kube.Cluster, e *corev1.Event) (owner kube.Ref, short bool) {
	j, ok := c.CronJobs.Get(e.Namespace, e.InvolvedObject.Name)
	if !ok || j.Spec.Suspend != nil && *j.Spec.Suspend {
		return owner, false
	}
	started := j.Status.LastScheduleTime != nil && j.Status.LastScheduleTime.After(triage.Happened(e))
	return kube.CronJobs.Ref(j.Namespace, j.Name), !started
}

func shortJob(c *kube.Cluster, namespace, name string) (owner kube.Ref, short bool) {
	j, ok := c.Jobs.Get(namespace, name)
	if !ok {
		return owner, false
	}
	owner = kube.Jobs.Ref(namespace, name)
	for _, r := range j.OwnerReferences {
		if r.Controller != nil && *r.Controller && r.Kind == kube.CronJobs.Kind {
			owner = kube.CronJobs.Ref(namespace, r.Name)
		}
	}
	ended := slices.ContainsFunc(j.Status.Conditions, func(c batchv1.JobCondition) bool {
		return (c.Type == batchv1.JobComplete || c.Type == batchv1.JobFailed) && c.Status == corev1.ConditionTrue
	})
	suspended := j.Spec.Suspend != nil && *j.Spec.Suspend
	return owner, !ended && !suspended && j.DeletionTimestamp == nil && j.Status.Active < desired(j.Spec.Parallelism)
}

// desired returns a number of pods with the API's default of one.
func desired(declared *int32) int32 {
	if declared == nil {
		return 1
	}
	return *declared
}
