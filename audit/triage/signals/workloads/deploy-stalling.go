package workloads

import (
	"fmt"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var deployStalling = &triage.Detector{
	ID:    "deploy-stalling",
	Title: "A rollout is about to miss its deadline",
	About: "Half of spec.progressDeadlineSeconds has gone by without progress (lastUpdateTime of the condition Progressing), and a pod of the " +
		"new template fails in a way that does not end by itself. It is no more than a warning: the deadline itself is told by deploy-deadline. " +
		"So does one that runs and is not ready although its probes gave it time to start. " +
		"Pods that are merely slow (minReadySeconds, a long start) are no reason.",
	Reads: []kube.Resource{kube.Deployments, kube.ReplicaSets, kube.Pods},
	Rung:  triage.Effects,
	Check: func(p *triage.Pass) {
		for _, d := range p.Cluster.Deployments.In(p.Namespace) {
			progress, known := deploymentCondition(d, appsv1.DeploymentProgressing)
			if !known || progress.Status != corev1.ConditionTrue || d.Spec.Paused || d.DeletionTimestamp != nil {
				continue
			}
			w := p.Cluster.Workload(kube.Deployments.Ref(d.Namespace, d.Name))
			if _, rolling := triage.Rolling(w); !rolling {
				continue
			}
			pod, from := failing(p.Cluster, w, d)
			if pod == nil {
				continue
			}
			deadline := 600 * time.Second
			if d.Spec.ProgressDeadlineSeconds != nil {
				deadline = time.Duration(*d.Spec.ProgressDeadlineSeconds) * time.Second
			}
			ends := progress.LastUpdateTime.Add(deadline)
			since := progress.LastUpdateTime.Add(deadline / 2)
			if from.After(since) {
				since = from
			}
			p.Report(triage.Signal{
				Object: w.Ref, Since: since, Until: ends, Severity: triage.S3, Raw: progress.Message,
				Message: fmt.Sprintf("rollout at %d/%d misses its deadline at %s: pod %s fails",
					d.Status.UpdatedReplicas, declared(d.Spec.Replicas), ends.UTC().Format("15:04:05"), pod.Name),
			})
		}
	},
}

// failing returns a pod of the newest template of a Deployment that fails, and from
// when that is sure: the zero time for one that fails by what it says, the end of
// the time that its probes give it for one that runs and is not ready. The pod that
// fails for sure goes first; it is nil if none does.
func failing(c *kube.Cluster, w *kube.Workload, d *appsv1.Deployment) (unwell *kube.Pod, from time.Time) {
	newest := newestRevision(c, d)
	for _, pod := range c.PodsOf(w) {
		if newest != "" && triage.RevisionOf(pod) != newest || pod.Status.Ready || !pod.Deleted().IsZero() {
			continue
		}
		if said, _, known := triage.Condition(pod, corev1.PodScheduled); known && said.Reason == corev1.PodReasonUnschedulable {
			return pod, time.Time{}
		}
		for i := range pod.Status.Containers {
			status := &pod.Status.Containers[i]
			if status.LastTerminated() != nil || stuck(status.Waiting()) {
				return pod, time.Time{}
			}
			if started, runs := status.Running(); runs && !status.Ready && unwell == nil {
				unwell, from = pod, started.Add(triage.StartBudget(pod.Spec))
			}
		}
	}
	return unwell, from
}

// stuck reports whether a container waits for more than its turn.
func stuck(waiting *corev1.ContainerStateWaiting) bool {
	return waiting != nil && waiting.Reason != "ContainerCreating" && waiting.Reason != "PodInitializing"
}

// newestRevision returns the pod-template-hash of the ReplicaSet of the newest
// revision of a Deployment, "" if it is not known.
func newestRevision(c *kube.Cluster, d *appsv1.Deployment) string {
	const revision = "deployment.kubernetes.io/revision"
	for _, set := range c.ReplicaSets.In(d.Namespace) {
		if set.Owner.Kind == kube.Deployments.Kind && set.Owner.Name == d.Name &&
			set.Annotations[revision] == d.Annotations[revision] && d.Annotations[revision] != "" {
			return set.Labels[appsv1.DefaultDeploymentUniqueLabelKey]
		}
	}
	return ""
}
