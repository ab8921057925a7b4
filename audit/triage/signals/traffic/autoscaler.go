package traffic

import (
	autoscalingv2 "k8s.io/api/autoscaling/v2"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// condition returns a condition of an autoscaler, false if it has none of the type.
func condition(h *autoscalingv2.HorizontalPodAutoscaler, of autoscalingv2.HorizontalPodAutoscalerConditionType) (autoscalingv2.HorizontalPodAutoscalerCondition, bool) {
	for _, c := range h.Status.Conditions {
		if c.Type == of {
			return c, true
		}
	}
	return autoscalingv2.HorizontalPodAutoscalerCondition{}, false
}

// targetOf returns what an autoscaler scales, as far as the view holds it as a
// workload; zero otherwise.
func targetOf(c *kube.Cluster, h *autoscalingv2.HorizontalPodAutoscaler) kube.Ref {
	for _, r := range []kube.Resource{kube.Deployments, kube.StatefulSets, kube.ReplicaSets, kube.ReplicationControllers} {
		ref := r.Ref(h.Namespace, h.Spec.ScaleTargetRef.Name)
		if r.Kind == h.Spec.ScaleTargetRef.Kind && c.Workload(ref) != nil {
			return ref
		}
	}
	return kube.Ref{}
}
