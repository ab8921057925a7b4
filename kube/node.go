package kube

import corev1 "k8s.io/api/core/v1"

// VirtualNode reports whether a node stands for a service that runs pods elsewhere, each by
// itself, and has no room of its own: by the labels of Virtual Kubelet
// (https://virtual-kubelet.io/docs/) and of AWS Fargate.
func VirtualNode(n *corev1.Node) bool {
	return n.Labels["type"] == "virtual-kubelet" || n.Labels["eks.amazonaws.com/compute-type"] == "fargate"
}
