package kube

import (
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// ScaleTarget names the object that an autoscaler scales. As the controller
// does, it goes by group and kind and leaves the version of the reference
// aside; an apiVersion that does not parse is taken for a group.
func ScaleTarget(h *autoscalingv2.HorizontalPodAutoscaler) Ref {
	target := h.Spec.ScaleTargetRef
	group := target.APIVersion
	if gv, err := schema.ParseGroupVersion(target.APIVersion); err == nil {
		group = gv.Group
	}
	return Ref{Group: group, Kind: target.Kind, Namespace: h.Namespace, Name: target.Name}
}

// AutoscalersOf returns the HorizontalPodAutoscalers that scale a workload, by
// name. More than one is a mistake, which the view does not correct. The caller
// must not change the slice.
func (c *Cluster) AutoscalersOf(w *Workload) []*autoscalingv2.HorizontalPodAutoscaler {
	return c.AutoscalersFor(w.Ref)
}

// AutoscalersFor is [Cluster.AutoscalersOf] for what [ScaleTarget] names, which
// may not be a workload of the view.
func (c *Cluster) AutoscalersFor(target Ref) []*autoscalingv2.HorizontalPodAutoscaler {
	return autoscalersOf.Of(c, target.Namespace)[target]
}

// autoscalersOf has the autoscalers of a namespace by what they scale.
var autoscalersOf = DeriveFor(func(c *Cluster, namespace string) map[Ref][]*autoscalingv2.HorizontalPodAutoscaler {
	scaling := map[Ref][]*autoscalingv2.HorizontalPodAutoscaler{}
	for _, h := range c.HorizontalPodAutoscalers.In(namespace) {
		target := ScaleTarget(h)
		scaling[target] = append(scaling[target], h)
	}
	return scaling
}).From(HorizontalPodAutoscalers)

// MinReplicas returns the fewest replicas that an autoscaler keeps, with the
// API's default of 1.
func MinReplicas(h *autoscalingv2.HorizontalPodAutoscaler) int32 {
	if h.Spec.MinReplicas == nil {
		return 1
	}
	return *h.Spec.MinReplicas
}

// DesiredReplicas returns the fewest replicas that a workload is meant to keep:
// the minReplicas of its autoscaler, or else its own spec.replicas. It is false
// for workloads that are not scaled by a number (a DaemonSet, a Job, a pod) and
// for those whose object the view does not hold and no autoscaler targets.
//
// A declared zero wins over an autoscaler, which the controller then leaves
// alone. The answer is as good as what is known of HorizontalPodAutoscalers:
// ask [Cluster.Blind].
func (c *Cluster) DesiredReplicas(w *Workload) (int32, bool) {
	if w.Held && w.Replicas == nil {
		return 0, false
	}
	if w.Held && *w.Replicas == 0 {
		return 0, true
	}
	if scaling := c.AutoscalersOf(w); len(scaling) > 0 {
		fewest := MinReplicas(scaling[0])
		for _, h := range scaling[1:] {
			fewest = min(fewest, MinReplicas(h))
		}
		return fewest, true
	}
	if !w.Held {
		return 0, false
	}
	return *w.Replicas, true
}
