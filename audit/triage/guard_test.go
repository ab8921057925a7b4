package triage_test

import (
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// TestRolling tells a rollout from a scaling: both lack replicas of the newest template.
func TestRolling(t *testing.T) {
	t.Parallel()
	const complete, updated = "NewReplicaSetAvailable", "ReplicaSetUpdated"
	for _, of := range []struct {
		name     string
		status   appsv1.DeploymentStatus // of ten replicas
		progress string                  // the reason of the condition Progressing, "" for none
		failed   bool
		want     bool
	}{
		{"complete", appsv1.DeploymentStatus{Replicas: 10, UpdatedReplicas: 10}, complete, false, false},
		{"scaled up from four", appsv1.DeploymentStatus{Replicas: 4, UpdatedReplicas: 4}, complete, false, false},
		{"old replicas are left", appsv1.DeploymentStatus{Replicas: 11, UpdatedReplicas: 3}, updated, false, true},
		{"scaled up while old ones are left", appsv1.DeploymentStatus{Replicas: 5, UpdatedReplicas: 1}, complete, false, true},
		{"its first rollout", appsv1.DeploymentStatus{Replicas: 2, UpdatedReplicas: 2}, updated, false, true},
		{"recreated", appsv1.DeploymentStatus{}, updated, false, true},
		{"failed", appsv1.DeploymentStatus{Replicas: 10, UpdatedReplicas: 10}, "ProgressDeadlineExceeded", true, true},
		{"without a deadline nobody says", appsv1.DeploymentStatus{Replicas: 4, UpdatedReplicas: 4}, "", false, true},
		{"not seen by its controller", appsv1.DeploymentStatus{Replicas: 10, UpdatedReplicas: 10, ObservedGeneration: 1}, complete, false, true},
	} {
		d := &appsv1.Deployment{
			ObjectMeta: metav1.ObjectMeta{Name: "web", Namespace: "shop", Generation: 2},
			Spec:       appsv1.DeploymentSpec{Replicas: new(int32(10))}, Status: of.status,
		}
		if d.Status.ObservedGeneration == 0 {
			d.Status.ObservedGeneration = 2
		}
		if of.progress != "" {
			condition := appsv1.DeploymentCondition{Type: appsv1.DeploymentProgressing, Status: corev1.ConditionTrue, Reason: of.progress}
			if of.failed {
				condition.Status = corev1.ConditionFalse
			}
			d.Status.Conditions = append(d.Status.Conditions, condition)
		}
		r, got := triage.Rolling(&kube.Workload{Object: d})
		if got != of.want || r.Failed != of.failed {
			t.Errorf("%s: rolling %t, failed %t; want %t, %t", of.name, got, r.Failed, of.want, of.failed)
		}
	}
}
