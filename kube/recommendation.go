package kube

import (
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Recommendation is what a VerticalPodAutoscaler recommends that a container asks
// for. It works by a history of its own, of which its object does not say how long
// it is (autoscaling.k8s.io/v1 RecommendedContainerResources).
type Recommendation struct {
	By    Ref       // the VerticalPodAutoscaler
	Since time.Time // since when it has had recommendations, zero if it does not say
	// CPU and Memory are the target, which the autoscaler itself would set as
	// requests; nil where it recommends none. It has its margin on them already.
	CPU, Memory *resource.Quantity
	// MostCPU and MostMemory are the upper bounds, above which it calls a request a
	// waste; nil if there are none.
	MostCPU, MostMemory *resource.Quantity
}

// Recommended returns what a VerticalPodAutoscaler recommends for a container of a
// workload; false where none does, or where it says itself that it has seen too
// little. Of several, which contradict each other, it is the first by name.
func (c *Cluster) Recommended(workload Ref, container string) (Recommendation, bool) {
	if c.Custom(VerticalPodAutoscalers).Len() == 0 {
		return Recommendation{}, false
	}
	r, ok := recommendations.Of(c, workload.Namespace)[recommendedFor{workload, container}]
	return r, ok
}

type recommendedFor struct {
	workload  Ref
	container string
}

// verticalPodAutoscaler is what is read of the object; the API's types are in a
// module of their own.
type verticalPodAutoscaler struct {
	Spec struct {
		TargetRef *struct {
			APIVersion string `json:"apiVersion"`
			Kind       string `json:"kind"`
			Name       string `json:"name"`
		} `json:"targetRef"`
	} `json:"spec"`
	Status struct {
		Conditions []struct {
			Type               string                 `json:"type"`
			Status             corev1.ConditionStatus `json:"status"`
			LastTransitionTime metav1.Time            `json:"lastTransitionTime"`
		} `json:"conditions"`
		Recommendation struct {
			ContainerRecommendations []struct {
				ContainerName string              `json:"containerName"`
				Target        corev1.ResourceList `json:"target"`
				UpperBound    corev1.ResourceList `json:"upperBound"`
			} `json:"containerRecommendations"`
		} `json:"recommendation"`
	} `json:"status"`
}

var recommendations = DeriveFor(func(c *Cluster, namespace string) map[recommendedFor]Recommendation {
	all := map[recommendedFor]Recommendation{}
	for _, o := range slices.Backward(c.Custom(VerticalPodAutoscalers).In(namespace)) {
		addRecommendations(all, o)
	}
	return all
}).From(VerticalPodAutoscalers)

func addRecommendations(all map[recommendedFor]Recommendation, o *unstructured.Unstructured) {
	vpa, err := Decode[verticalPodAutoscaler](o)
	if err != nil || vpa.Spec.TargetRef == nil {
		return // nobody checks a custom resource without a schema
	}
	by := Recommendation{By: VerticalPodAutoscalers.Ref(o.GetNamespace(), o.GetName())}
	for _, condition := range vpa.Status.Conditions {
		switch {
		case condition.Type == "LowConfidence" && condition.Status == corev1.ConditionTrue:
			return
		case condition.Type == "RecommendationProvided" && condition.Status == corev1.ConditionFalse:
			return
		case condition.Type == "RecommendationProvided":
			by.Since = condition.LastTransitionTime.Time
		}
	}
	group, _, found := strings.Cut(vpa.Spec.TargetRef.APIVersion, "/")
	if !found {
		group = ""
	}
	target := Ref{Group: group, Kind: vpa.Spec.TargetRef.Kind, Namespace: o.GetNamespace(), Name: vpa.Spec.TargetRef.Name}
	for _, r := range vpa.Status.Recommendation.ContainerRecommendations {
		of := by
		of.CPU, of.Memory = amount(r.Target, corev1.ResourceCPU), amount(r.Target, corev1.ResourceMemory)
		of.MostCPU, of.MostMemory = amount(r.UpperBound, corev1.ResourceCPU), amount(r.UpperBound, corev1.ResourceMemory)
		all[recommendedFor{target, r.ContainerName}] = of
	}
}

// amount returns what a list has of a resource, nil if that is nothing or less.
func amount(list corev1.ResourceList, name corev1.ResourceName) *resource.Quantity {
	quantity, ok := list[name]
	if !ok || quantity.Sign() <= 0 {
		return nil
	}
	return &quantity
}
