package scope

import (
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
)

// Harmless reports whether rules allow no more than the API server lets
// everybody do: ask what it serves, how it is and what oneself may do, and read
// what is published for those who are about to join (the ConfigMap cluster-info
// of kubeadm, trust bundles).
func Harmless(rules []rbacv1.PolicyRule) bool {
	return !slices.ContainsFunc(rules, func(r rbacv1.PolicyRule) bool {
		return !harmlessPaths(&r) || !harmlessResources(&r)
	})
}

func harmlessPaths(r *rbacv1.PolicyRule) bool {
	if len(r.NonResourceURLs) == 0 {
		return true
	}
	return only(r.Verbs, "get", "head") && !slices.ContainsFunc(r.NonResourceURLs, func(url string) bool {
		first, _, _ := strings.Cut(strings.TrimPrefix(url, "/"), "/")
		switch first {
		case "", "api", "apis", "healthz", "livez", "openapi", "readyz", "version", ".well-known":
			return false
		}
		return first != "openid" // the issuer's keys, at /openid/v1/jwks
	})
}

func harmlessResources(r *rbacv1.PolicyRule) bool {
	if len(r.Resources) == 0 {
		return true
	}
	switch {
	case only(r.Verbs, "create"):
		return only(r.APIGroups, "authorization.k8s.io", "authentication.k8s.io") &&
			only(r.Resources, "selfsubjectaccessreviews", "selfsubjectrulesreviews", "selfsubjectreviews")
	case only(r.APIGroups, "certificates.k8s.io"):
		return only(r.Resources, "clustertrustbundles") && only(r.Verbs, "get", "list", "watch")
	}
	return only(r.Verbs, "get") && only(r.APIGroups, "") && only(r.Resources, "configmaps") &&
		len(r.ResourceNames) > 0 && only(r.ResourceNames, "cluster-info", "kube-root-ca.crt")
}

// only reports whether words has none but those of a set.
func only(words []string, set ...string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(set, w) })
}
