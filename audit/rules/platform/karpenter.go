package platform

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// nodePool is what is read of a NodePool of Karpenter (karpenter.sh/v1, pkg/apis/v1/nodepool.go):
// Limits bound the sum of what its nodes have, and status.resources is that sum.
type nodePool struct {
	Spec struct {
		Limits corev1.ResourceList `json:"limits"`
	} `json:"spec"`
	Status struct {
		Resources  corev1.ResourceList `json:"resources"`
		Conditions []metav1.Condition  `json:"conditions"`
	} `json:"status"`
}

// nodeClaim is what is read of a NodeClaim, the request for one node: it is Ready once the
// node was launched, has registered and is initialized (pkg/apis/v1/nodeclaim_status.go).
type nodeClaim struct {
	Status struct {
		NodeName   string             `json:"nodeName"`
		Conditions []metav1.Condition `json:"conditions"`
	} `json:"status"`
}
