package kube

import (
	"slices"

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
	if above := w.ScaledAs(); above != w.Ref {
		return append(slices.Clone(c.AutoscalersFor(w.Ref)), c.AutoscalersFor(above)...)
	}
	return c.AutoscalersFor(w.Ref)
}

// WorkloadScaled returns the workload that is scaled by an object: its own, or its
// [Workload.Scaler]; nil if there is none.
func (c *Cluster) WorkloadScaled(target Ref) *Workload {
	if w := c.Workload(target); w != nil {
		return w
	}
	w, _ := c.index().space(target.Namespace).owners.of(Owner{Group: target.Group, Kind: target.Kind, Name: target.Name})
	return w
}

// ScaledAs names the object that says how many pods a workload is to have: its own, or
// that of its [Workload.Scaler].
func (w *Workload) ScaledAs() Ref {
	if w.Scaler == nil {
		return w.Ref
	}
	return Ref{
		Group: w.Scaler.GroupVersionKind().Group, Kind: w.Scaler.GetKind(),
		Namespace: w.Ref.Namespace, Name: w.Scaler.GetName(),
	}
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
	switch {
	case w.Held && w.Replicas == nil:
		return 0, false
	case w.Replicas != nil && *w.Replicas == 0:
		return 0, true
	}
	if scaling := c.AutoscalersOf(w); len(scaling) > 0 {
		fewest := MinReplicas(scaling[0])
		for _, h := range scaling[1:] {
			fewest = min(fewest, MinReplicas(h))
		}
		return fewest, true
	}
	if w.Replicas == nil {
		return 0, false
	}
	return *w.Replicas, true
}

// Scales reports whether objects of a kind can be scaled, as autoscalers do it: whether
// its API has the scale subresource. It is not known of a custom kind that the view has
// neither the definition nor objects of.
func (c *Cluster) Scales(group, kind string) (scales, known bool) {
	if d := definitionOfKind.Of(c)[schema.GroupKind{Group: group, Kind: kind}]; d != nil {
		return slices.ContainsFunc(d.Spec.Versions, func(v DefinitionVersion) bool {
			return v.Served && v.Subresources != nil && v.Subresources.Scale != nil
		}), true
	}
	r, held := ResourceOf(group, kind)
	for _, k := range customWorkloads() {
		if held && k.resource == r {
			return k.scales, true
		}
	}
	return slices.Contains([]Resource{Deployments, StatefulSets, ReplicaSets, ReplicationControllers}, r), held
}
