package triage

import (
	"cmp"
	"slices"
	"strings"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Condition returns what a pod says of a condition and since when, false if it
// says nothing.
func Condition(pod *kube.Pod, of corev1.PodConditionType) (kube.Said, time.Time, bool) {
	for c := range pod.Status.Conditions() {
		if said := c.Said(); said.Type == of {
			return said, c.Since(), true
		}
	}
	return kube.Said{}, time.Time{}, false
}

// leastBudget is the shortest time that a pod is given to become ready.
const leastBudget = time.Minute

// StartBudget returns for how long a pod may take to become ready after its
// containers were started: the longest that a startup probe, or the delay of
// another probe, allows one of its containers; a minute at the least.
func StartBudget(spec *corev1.PodSpec) time.Duration {
	longest := leastBudget
	for c := range kube.ContainersOf(spec, "spec") {
		if !c.LongRunning() {
			continue
		}
		for _, probe := range []*corev1.Probe{c.StartupProbe, c.ReadinessProbe, c.LivenessProbe} {
			if probe == nil {
				continue
			}
			budget := seconds(probe.InitialDelaySeconds)
			if probe == c.StartupProbe {
				budget += seconds(cmp.Or(probe.FailureThreshold, 3)) * time.Duration(cmp.Or(probe.PeriodSeconds, 10))
			}
			longest = max(longest, budget)
		}
	}
	return longest
}

func seconds(n int32) time.Duration { return time.Duration(n) * time.Second }

// Placed returns when a pod was given its node, or was created where that is not
// known.
func Placed(pod *kube.Pod) time.Time {
	if said, since, known := Condition(pod, corev1.PodScheduled); known && said.Status == corev1.ConditionTrue && !since.IsZero() {
		return since
	}
	return pod.Created()
}

// Rollout is how far the change of a workload to its newest template has come.
type Rollout struct {
	Updated, Desired int32
	// Failed says that it did not get on within its deadline
	// (spec.progressDeadlineSeconds of a Deployment).
	Failed bool
}

// Rolling returns the rollout of a workload that is under way, or that failed;
// false if there is none. That a workload gets more pods of the template that it has is
// no rollout.
func Rolling(w *kube.Workload) (Rollout, bool) {
	if w == nil {
		return Rollout{}, false
	}
	switch o := w.Object.(type) {
	case *appsv1.Deployment:
		return deploymentRollout(o)
	case *appsv1.StatefulSet:
		desired := replicas(o.Spec.Replicas)
		if o.Spec.UpdateStrategy.Type == appsv1.OnDeleteStatefulSetStrategyType {
			return Rollout{}, false
		}
		if u := o.Spec.UpdateStrategy.RollingUpdate; u != nil && u.Partition != nil {
			desired = max(desired-*u.Partition, 0)
		}
		r := Rollout{Updated: o.Status.UpdatedReplicas, Desired: desired}
		return r, o.Status.ObservedGeneration < o.Generation || o.Status.UpdateRevision != o.Status.CurrentRevision && r.Updated < r.Desired
	case *appsv1.DaemonSet:
		if o.Spec.UpdateStrategy.Type == appsv1.OnDeleteDaemonSetStrategyType {
			return Rollout{}, false
		}
		r := Rollout{Updated: o.Status.UpdatedNumberScheduled, Desired: o.Status.DesiredNumberScheduled}
		return r, o.Status.ObservedGeneration < o.Generation || r.Updated < r.Desired
	}
	return Rollout{}, false
}

// newSetAvailable is the reason of the condition Progressing of a Deployment whose
// rollout is over (pkg/controller/deployment/util, NewRSAvailableReason).
const newSetAvailable = "NewReplicaSetAvailable"

func deploymentRollout(d *appsv1.Deployment) (Rollout, bool) {
	r, came := Rollout{Updated: d.Status.UpdatedReplicas, Desired: replicas(d.Spec.Replicas)}, false
	for i := range d.Status.Conditions {
		c := &d.Status.Conditions[i]
		if c.Type != appsv1.DeploymentProgressing {
			continue
		}
		r.Failed = c.Status == corev1.ConditionFalse
		came = c.Status == corev1.ConditionTrue && c.Reason == newSetAvailable
	}
	// A rollout is over when every replica is of the new template, there is no
	// other and all of them are available (kubectl rollout status). Scaling leaves the
	// condition of the last rollout as it is (pkg/controller/deployment, syncRolloutStatus):
	// what lacks replicas since has been scaled up.
	under := d.Status.ObservedGeneration < d.Generation || r.Updated < r.Desired && !came ||
		d.Status.Replicas > r.Updated || r.Failed
	return r, under && !d.Spec.Paused
}

func replicas(declared *int32) int32 {
	if declared == nil {
		return 1
	}
	return *declared
}

// Idle reports whether a workload has no pods because somebody wants it so: no
// replicas, a Job or a CronJob that is suspended, an autoscaler that scaled to
// zero.
func Idle(c *kube.Cluster, w *kube.Workload) bool {
	switch o := w.Object.(type) {
	case *batchv1.Job:
		return o.Spec.Suspend != nil && *o.Spec.Suspend || o.Spec.Parallelism != nil && *o.Spec.Parallelism == 0
	case *batchv1.CronJob:
		return o.Spec.Suspend != nil && *o.Spec.Suspend
	}
	if w.Replicas != nil && *w.Replicas == 0 {
		return true
	}
	return slices.ContainsFunc(c.AutoscalersOf(w), func(h *autoscalingv2.HorizontalPodAutoscaler) bool {
		return slices.ContainsFunc(h.Status.Conditions, func(c autoscalingv2.HorizontalPodAutoscalerCondition) bool {
			return c.Type == "ScaledToZero" && c.Status == corev1.ConditionTrue
		})
	})
}

// Ending reports whether a namespace is being deleted: what is in it goes as well.
func Ending(c *kube.Cluster, namespace string) bool {
	n, ok := c.Namespaces.Get("", namespace)
	return ok && n.DeletionTimestamp != nil
}

// Tombstone reports whether a pod failed in a way that its owner makes good by a
// new one: it was evicted, refused by the kubelet, or its node was shut down. Such
// pods stay until there are 12,500 of them (pkg/controller/podgc).
func Tombstone(pod *kube.Pod) bool {
	if pod.Status.Phase != corev1.PodFailed || pod.Owner.IsZero() {
		return false
	}
	switch pod.Status.Reason {
	case "Evicted", "Terminated", "NodeShutdown", "NodeAffinity", "NodeLost", "Shutdown", "Preempting", "UnexpectedAdmissionError":
		return true
	}
	return strings.HasPrefix(pod.Status.Reason, "OutOf")
}

// Maintained returns why a node is expected to stop working, false if it is not:
// it is cordoned, or whoever manages nodes takes it away.
func Maintained(n *corev1.Node) (why string, maintained bool) {
	if n.DeletionTimestamp != nil {
		return "being deleted", true
	}
	for _, t := range n.Spec.Taints {
		switch t.Key {
		case "ToBeDeletedByClusterAutoscaler", "DeletionCandidateOfClusterAutoscaler",
			"karpenter.sh/disrupted", "karpenter.sh/disruption",
			"cloud.google.com/impending-node-termination",
			"aws-node-termination-handler/spot-itn", "aws-node-termination-handler/scheduled-maintenance",
			"remediation.aws.amazon.com/spot-interruption", "kubernetes.azure.com/scalesetpriority-eviction":
			return "taint " + t.Key, true
		}
	}
	for _, c := range n.Status.Conditions {
		if MaintenanceCondition(c.Type) && c.Status == corev1.ConditionTrue {
			return string(c.Type), true
		}
	}
	if n.Spec.Unschedulable {
		return "cordoned", true
	}
	return "", false
}

// MaintenanceCondition reports whether a condition, where it is true, says that a
// node is taken out of service on purpose (core/v1 NodeConditionType).
func MaintenanceCondition(of corev1.NodeConditionType) bool {
	return slices.Contains([]corev1.NodeConditionType{
		corev1.NodeMaintenanceInProgress, corev1.NodeDrainInProgress, corev1.NodeDrained,
		corev1.NodeGracefulNodeShutdownInProgress,
	}, of)
}

// EndOf returns when a finished pod ended, as its containers and conditions tell;
// its creation for one that never started.
func EndOf(pod *kube.Pod) time.Time {
	latest := pod.Created()
	for i := range pod.Status.Containers {
		if ended := pod.Status.Containers[i].Terminated(); ended != nil && ended.FinishedAt.After(latest) {
			latest = ended.FinishedAt.Time
		}
	}
	for c := range pod.Status.Conditions() {
		if since := c.Since(); since.After(latest) {
			latest = since
		}
	}
	return latest
}

// WorkloadByName returns the workload of a pod that is gone, as its name tells: a
// controller, "-", and what the name ends in. It is zero if there is none of the
// name, and no more than likely if there is.
func WorkloadByName(c *kube.Cluster, namespace, pod string) kube.Ref {
	cut := strings.LastIndexByte(pod, '-')
	if cut < 0 {
		return kube.Ref{}
	}
	name := pod[:cut]
	if set, ok := c.ReplicaSets.Get(namespace, name); ok && !set.Owner.IsZero() {
		return kube.Ref{Group: set.Owner.Group, Kind: set.Owner.Kind, Namespace: namespace, Name: set.Owner.Name}
	}
	for _, r := range []kube.Resource{kube.ReplicaSets, kube.StatefulSets, kube.DaemonSets, kube.ReplicationControllers, kube.Jobs} {
		if ref := r.Ref(namespace, name); c.Workload(ref) != nil {
			return ref
		}
	}
	return kube.Ref{}
}
