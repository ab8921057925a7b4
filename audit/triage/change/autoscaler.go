package change

import (
	"fmt"

	autoscalingv2 "k8s.io/api/autoscaling/v2"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// tellAutoscaler returns when a HorizontalPodAutoscaler last scaled.
func tellAutoscaler(o kube.Object) []*told {
	h, ok := o.(*autoscalingv2.HorizontalPodAutoscaler)
	if !ok || h.Status.LastScaleTime == nil {
		return nil
	}
	return []*told{{
		Change: Change{
			Time: h.Status.LastScaleTime.Time, Certainty: Stated, Kind: Autoscale, Object: kube.HorizontalPodAutoscalers.Ref(h.Namespace, h.Name),
			Aspect: "replicas", Owner: kube.ScaleTarget(h), Title: fmt.Sprintf("rescaled, now %d replicas wanted", h.Status.DesiredReplicas),
		},
		object: h,
	}}
}
