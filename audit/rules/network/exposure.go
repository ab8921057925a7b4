package network

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// internalBalancer reports whether annotations ask a cloud for a load balancer
// that only its own network reaches, as the documentation of each cloud has them.
func internalBalancer(s *corev1.Service) bool {
	for _, mark := range internalMarks() {
		key, value, _ := strings.Cut(mark, "=")
		if strings.ToLower(s.Annotations[key]) == value {
			return true
		}
	}
	return false
}

// internalMarks are the annotations of [internalBalancer] with their values, in
// lower case.
func internalMarks() []string {
	return []string{
		"networking.gke.io/load-balancer-type=internal",
		"cloud.google.com/load-balancer-type=internal",
		"service.beta.kubernetes.io/aws-load-balancer-scheme=internal",
		"service.beta.kubernetes.io/aws-load-balancer-internal=true",
		"service.beta.kubernetes.io/aws-load-balancer-internal=0.0.0.0/0",
		"service.beta.kubernetes.io/azure-load-balancer-internal=true",
		"service.beta.kubernetes.io/openstack-internal-load-balancer=true",
		"service.beta.kubernetes.io/oci-load-balancer-internal=true",
		"service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type=intranet",
		"service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type=private",
	}
}

// limitedSources reports whether a load balancer lets in only some addresses.
func limitedSources(s *corev1.Service) bool {
	ranges := s.Spec.LoadBalancerSourceRanges
	return len(ranges) > 0 && !slices.Contains(ranges, "0.0.0.0/0") && !slices.Contains(ranges, "::/0")
}

// balanced reports whether a Service has a load balancer.
func balanced(s *corev1.Service) bool { return s.Spec.Type == corev1.ServiceTypeLoadBalancer }

// onNodes reports whether a Service is a port of each node and no more.
func onNodes(s *corev1.Service) bool { return s.Spec.Type == corev1.ServiceTypeNodePort }
