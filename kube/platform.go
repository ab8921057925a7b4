package kube

import (
	"slices"
	"strings"
)

// Platform reports whether a namespace belongs to the cluster itself rather
// than to what runs on it, by the names that Kubernetes reserves (prefix
// "kube-", Namespaces in the Kubernetes documentation) and those that
// distributions and network providers install.
func Platform(namespace string) bool {
	prefixed := func(prefix string) bool { return strings.HasPrefix(namespace, prefix) }
	return slices.ContainsFunc([]string{"kube-", "openshift-", "gke-", "gmp-", "aks-", "eks-"}, prefixed) ||
		slices.Contains([]string{
			"openshift", "calico-system", "calico-apiserver", "tigera-operator", "cilium-secrets",
			"amazon-cloudwatch", "local-path-storage", "metallb-system",
		}, namespace)
}

// Managed reports whether nodes or the server say that a provider runs the cluster
// (their labels, and the suffixes by which providers name their builds).
func (c *Cluster) Managed() bool {
	for _, build := range []string{"-eks-", "-gke.", "+aks"} {
		if strings.Contains(c.Info.Version, build) {
			return true
		}
	}
	for node := range c.Nodes.All() {
		for label := range node.Labels {
			if strings.HasPrefix(label, "eks.amazonaws.com/") || strings.HasPrefix(label, "cloud.google.com/gke-") ||
				strings.HasPrefix(label, "kubernetes.azure.com/") {
				return true
			}
		}
	}
	return false
}
