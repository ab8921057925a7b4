package disruption

import (
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// several is the number of replicas from which the loss of one can be borne.
const several = 2

// replicated returns how many replicas a workload keeps, false unless they are
// two or more.
func replicated(c *kube.Cluster, w *kube.Workload) (int32, bool) {
	replicas, known := c.DesiredReplicas(w)
	return replicas, known && replicas >= several
}

// served reports whether a Service sends traffic to a workload: somebody waits
// for an answer, and notices when nobody is there to give it.
func served(c *kube.Cluster, w *kube.Workload) bool {
	return slices.ContainsFunc(c.ServicesSelecting(w), func(s *corev1.Service) bool {
		return s.Spec.Type != corev1.ServiceTypeExternalName
	})
}

// tiedToOneNode reports whether the pods of a workload share a claim that one
// node at a time can mount. A claim that the view does not hold is taken for
// one: most are.
func tiedToOneNode(c *kube.Cluster, w *kube.Workload) bool {
	for i := range w.Pod.Spec.Volumes {
		mounted := w.Pod.Spec.Volumes[i].PersistentVolumeClaim
		if mounted == nil || mounted.ReadOnly {
			continue
		}
		claim, held := c.PersistentVolumeClaims.Get(w.Ref.Namespace, mounted.ClaimName)
		if !held || !slices.Contains(claim.Spec.AccessModes, corev1.ReadWriteMany) {
			return true
		}
	}
	return false
}

// singleton reports whether a workload is built to run once: it stops the old
// pod before it starts the new one, shares a volume that one node can mount, or
// has volumes of its own, which more replicas would not share.
func singleton(c *kube.Cluster, w *kube.Workload) bool {
	switch o := w.Object.(type) {
	case *appsv1.Deployment:
		if o.Spec.Strategy.Type == appsv1.RecreateDeploymentStrategyType {
			return true
		}
	case *appsv1.StatefulSet:
		if len(o.Spec.VolumeClaimTemplates) > 0 {
			return true
		}
	}
	return tiedToOneNode(c, w)
}

// ownSelector returns the selector by which a workload adopts its pods, nil
// where it has none or is not held.
func ownSelector(w *kube.Workload) *metav1.LabelSelector {
	if !w.Held {
		return nil
	}
	switch o := w.Object.(type) {
	case *appsv1.Deployment:
		return o.Spec.Selector
	case *appsv1.StatefulSet:
		return o.Spec.Selector
	case *appsv1.DaemonSet:
		return o.Spec.Selector
	case *kube.ReplicaSet:
		return o.Selector
	case *corev1.ReplicationController:
		return &metav1.LabelSelector{MatchLabels: o.Spec.Selector}
	}
	return nil
}
