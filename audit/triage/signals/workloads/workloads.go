package workloads

import (
	"fmt"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// deploymentCondition returns a condition of a Deployment, false if it has none of
// the type.
func deploymentCondition(d *appsv1.Deployment, of appsv1.DeploymentConditionType) (appsv1.DeploymentCondition, bool) {
	for _, c := range d.Status.Conditions {
		if c.Type == of {
			return c, true
		}
	}
	return appsv1.DeploymentCondition{}, false
}

// declared returns a number of replicas with the API's default of 1.
func declared(replicas *int32) int32 {
	if replicas == nil {
		return 1
	}
	return *replicas
}

// available says how many of how many pods are available: "2/6 available".
func available(have, want int32) string { return fmt.Sprintf("%d/%d available", have, want) }

// unreadySince returns since when the first of a workload's pods that should be
// ready is not, zero if all are.
func unreadySince(c *kube.Cluster, w *kube.Workload) time.Time {
	var first time.Time
	for _, pod := range c.PodsOf(w) {
		if pod.Status.Ready || pod.Finished() || !pod.Deleted().IsZero() {
			continue
		}
		if since := unready(pod); first.IsZero() || since.Before(first) {
			first = since
		}
	}
	return first
}

// unready returns since when a pod is not ready: its creation if it never was.
func unready(pod *kube.Pod) time.Time {
	if _, since, known := triage.Condition(pod, corev1.PodReady); known && !since.IsZero() {
		return since
	}
	return pod.Created()
}

// written returns when somebody last wrote a spec, as its managedFields tell; zero
// if they do not. Every manager has one time for all it wrote.
func written(o metav1.Object) time.Time {
	var last time.Time
	for _, m := range o.GetManagedFields() {
		if m.Subresource != "status" && m.Time != nil && m.Time.After(last) {
			last = m.Time.Time
		}
	}
	return last
}

// later returns the later of two times.
func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
