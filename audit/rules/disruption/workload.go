package disruption

import (
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
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

// keeping is the edit that has a workload keep a number of replicas, false where no field
// says how many.
func keeping(w *kube.Workload, replicas int) (audit.Edit, bool) {
	e := audit.Edit{Path: w.ReplicasPath, Value: int64(replicas)}
	if above := w.ScaledAs(); above != w.Ref {
		e.Object = above
	}
	return e, e.Path != ""
}

// replicasField is the field path of a workload's replicas, "" where another object has it.
func replicasField(w *kube.Workload) string {
	if w.Scaler != nil {
		return ""
	}
	return w.ReplicasPath
}
