package access

import (
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
)

// Request is one thing asked of the API server, as the RBAC authorizer sees it:
// either of a resource, or of a path that is no resource.
type Request struct {
	Verb string
	// Group is the API group, "" for the core group.
	Group string
	// Resource is a lower-case plural without the subresource.
	Resource string
	// Subresource is what comes after the object's name, "" for none.
	Subresource string
	// Namespace is the one that the request names, "" for a cluster-scoped
	// object and for a request that spans all namespaces.
	Namespace string
	// Name is the object's name, "" for a request that names none: create,
	// deletecollection, and list and watch of more than one object.
	Name string
	// Path is that of a request for no resource, "/healthz"; the fields from
	// Group to Name mean nothing then.
	Path string
}

// Allows reports whether a rule grants a request, wherever the rule applies:
// the namespace is for [Binding.Allows] to judge. It matches what
// k8s.io/kubernetes/pkg/apis/rbac/v1 calls RuleAllows: names are exact, "*"
// stands for all verbs, groups or resources with their subresources, "*/scale"
// for that subresource of all resources; "pods/*" and a partial wildcard in a
// resource name match nothing.
func Allows(rule *rbacv1.PolicyRule, r Request) bool {
	if !oneOf(rule.Verbs, rbacv1.VerbAll, r.Verb) {
		return false
	}
	if r.Path != "" {
		return allowsPath(rule.NonResourceURLs, r.Path)
	}
	return oneOf(rule.APIGroups, rbacv1.APIGroupAll, r.Group) &&
		allowsResource(rule.Resources, r.Resource, r.Subresource) &&
		allowsName(rule.ResourceNames, r.Name)
}

func oneOf(allowed []string, all, asked string) bool {
	for _, a := range allowed {
		if a == all || a == asked {
			return true
		}
	}
	return false
}

func allowsResource(allowed []string, resource, subresource string) bool {
	for _, a := range allowed {
		if a == rbacv1.ResourceAll {
			return true
		}
		if subresource == "" {
			if a == resource {
				return true
			}
			continue
		}
		of, sub, _ := strings.Cut(a, "/")
		if sub == subresource && (of == resource || of == rbacv1.ResourceAll) {
			return true
		}
	}
	return false
}

func allowsName(allowed []string, name string) bool {
	if len(allowed) == 0 {
		return true
	}
	for _, a := range allowed {
		if a == name {
			return true
		}
	}
	return false
}

func allowsPath(allowed []string, path string) bool {
	for _, a := range allowed {
		if a == rbacv1.NonResourceAll || a == path {
			return true
		}
		if strings.HasSuffix(a, "*") && strings.HasPrefix(path, strings.TrimRight(a, "*")) {
			return true
		}
	}
	return false
}
