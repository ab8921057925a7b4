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
