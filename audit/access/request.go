package access

import (
	"slices"
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

// all stands for every verb, API group, resource or path (rbacv1.VerbAll and its like).
const all = "*"

// Allows reports whether a rule grants a request, wherever the rule applies:
// the namespace is for [Binding.Allows] to judge. It matches what
// k8s.io/kubernetes/pkg/apis/rbac/v1 calls RuleAllows: names are exact, "*"
// stands for all verbs, groups or resources with their subresources, "*/scale"
// for that subresource of all resources; "pods/*" and a partial wildcard in a
// resource name match nothing.
func Allows(rule *rbacv1.PolicyRule, r Request) bool {
	if !oneOf(rule.Verbs, r.Verb) {
		return false
	}
	if r.Path != "" {
		return allowsPath(rule.NonResourceURLs, r.Path)
	}
	return oneOf(rule.APIGroups, r.Group) &&
		allowsResource(rule.Resources, r.Resource, r.Subresource) &&
		allowsName(rule.ResourceNames, r.Name)
}

func oneOf(allowed []string, asked string) bool {
	return slices.Contains(allowed, all) || slices.Contains(allowed, asked)
}

func allowsResource(allowed []string, resource, subresource string) bool {
	return slices.ContainsFunc(allowed, func(a string) bool {
		switch {
		case a == all:
			return true
		case subresource == "":
			return a == resource
		}
		of, sub, _ := strings.Cut(a, "/")
		return sub == subresource && (of == resource || of == all)
	})
}

func allowsName(allowed []string, name string) bool {
	return len(allowed) == 0 || slices.Contains(allowed, name)
}

func allowsPath(allowed []string, path string) bool {
	return slices.ContainsFunc(allowed, func(a string) bool {
		prefix := strings.HasSuffix(a, all) && strings.HasPrefix(path, strings.TrimRight(a, all))
		return prefix || a == path
	})
}
