package kube

import "slices"

// Right is leave to do one thing in a cluster, as a SelfSubjectAccessReview asks for it
// (k8s.io/api authorization/v1).
type Right struct {
	Verb                         string
	Group, Resource, Subresource string // "" where Path is set
	Namespace                    string // "" for all, or for what has none
	Name                         string // "" for all
	Path                         string // of a request that is about no resource: "/readyz"
}

// String names a right in the words of kubectl auth can-i: "get pods/log web-1 in shop".
func (r Right) String() string {
	if r.Path != "" {
		return r.Verb + " " + r.Path
	}
	text := r.Verb + " " + Resource{Group: r.Group, Plural: r.Resource}.String()
	if r.Subresource != "" {
		text += "/" + r.Subresource
	}
	if r.Name != "" {
		text += " " + r.Name
	}
	switch {
	case r.Namespace != "":
		text += " in " + r.Namespace
	case r.namespaced():
		text += " in all namespaces"
	}
	return text
}

// namespaced reports whether objects of the resource are known to be in namespaces.
func (r Right) namespaced() bool {
	return slices.ContainsFunc(Resources(), func(known Resource) bool {
		return known.Group == r.Group && known.Plural == r.Resource && known.Namespaced
	})
}

// Permission is what is known of a right of who looks.
type Permission int

// The permissions. Only what the server said for sure is one of the last two.
const (
	PermissionUnknown Permission = iota
	Permitted
	Denied
)

// String returns the permission as people read it.
func (p Permission) String() string {
	if p < PermissionUnknown || p > Denied {
		return "unknown"
	}
	return [...]string{"unknown", "permitted", "denied"}[p]
}
