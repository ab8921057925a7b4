package kube

import (
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// APIService is what matters of an APIService (apiregistration.k8s.io/v1): see [Decode].
type APIService struct {
	Spec struct {
		// Service answers for an aggregated API; nil for a version that the API server
		// has itself.
		Service *struct {
			Namespace string `json:"namespace"`
			Name      string `json:"name"`
		} `json:"service"`
		CABundle *CABundle `json:"caBundle"` // by which the Service is known
	} `json:"spec"`
	Status struct {
		Conditions []metav1.Condition `json:"conditions"`
	} `json:"status"`
}

// Available returns the condition by which the aggregator says whether the API answers, nil
// if it has not said it yet.
func (a *APIService) Available() *metav1.Condition {
	return meta.FindStatusCondition(a.Status.Conditions, "Available")
}
